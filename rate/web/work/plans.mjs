// Which lesions a picture tries, on which trials and in which order, as lists of {job, ...}; and
// what they say together. Draw k has the lesion seed k.

import {PAIRINGS} from '../network/effects.mjs';
import {trialsOfType} from '../network/trials.mjs';
import {jobsOf} from './scoring.mjs';
import {sameBut} from './state.mjs';

export const N_TRIALS = 20;  // of each lesion
const FRACTION = .5;  // that pairings are compared at where the reader lesions nothing
export const N_DRAWS = 10;  // of each pairing, and of each dose in the first round
const N_MORE = 30;  // of each dose, once the curve is there
const DOSES = Array.from({length: 10}, (_, k) => (k + 1) / 10);
export const OFFSETS = [0, .05, .1, .2, .3, .5];  // means of the streams
const N_STREAMS = 24;  // trials at each offset
const AT_ONCE = 6;  // of them in a job

const first = ({trials}, state, n) => trialsOfType(trials, state.trial_type).slice(0, n);
const draws = n => Array.from({length: n}, (_, draw) => draw);

// A dose curve: the network as given, then one lesion of each dose, then a second one of each.
export function doseJobs(world, state) {
  const indices = first(world, state, N_TRIALS);
  const at = (dose, draw) => {
    const [job] = jobsOf({...state, fraction: dose, lesion_seed: draw}, indices);
    return {dose, job};
  };
  return [at(0, 0), ...draws(N_MORE).flatMap(draw => DOSES.map(dose => at(dose, draw)))];
}

// How many of the jobs make the first picture of a whole curve.
export const N_FIRST = 1 + DOSES.length * N_DRAWS;

// Whether two states have the same curve: it does not depend on where the reader stands on it.
export function sameCurve(state, before) {
  return sameBut(['fraction', 'lesion_seed'], state, before);
}

// The fraction that pairings are compared at, in a state.
export function comparedAt(state) {
  return state.fraction || FRACTION;
}

// Each pairing cut by the same fraction, draw by draw.
export function pairingJobs(world, state) {
  const indices = first(world, state, N_TRIALS);
  const at = (pairing, draw) => {
    const cut = {...state, site: pairing, fraction: comparedAt(state), lesion_seed: draw};
    const [job] = jobsOf(cut, indices);
    return {pairing, job};
  };
  return draws(N_DRAWS).flatMap(draw => PAIRINGS.map(pairing => at(pairing, draw)));
}

// Whether the pairings of two states compare alike.
export function sameComparison(state, before) {
  return comparedAt(state) === comparedAt(before)
    && sameBut(['site', 'units', 'fraction', 'lesion_seed'], state, before);
}

// A psychometric curve: a few trials at each offset, then the next ones.
export function offsetJobs(world, state) {
  const jobs = jobsOf(state, first(world, state, N_STREAMS), AT_ONCE);
  return jobs.flatMap(job => OFFSETS.map(offset => ({offset, job: {...job, offset}})));
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const ALIKE = .02;  // means that are so close are not told apart

// The pairing whose lesions leave the lowest accuracy, of Map(pairing -> accuracies); null where
// another one leaves as little.
export function worstPairing(found) {
  const means = [...found].map(([pairing, values]) => [mean(values), pairing]);
  const [lowest, next] = means.sort((a, b) => a[0] - b[0]);
  const alone = !next || next[0] - lowest[0] > ALIKE;
  return alone ? lowest[1] : null;
}

// A value below which a share of sorted values lies, between two of them where need be.
function quantile(sorted, share) {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

// Of accuracies by dose, Map(dose -> list): {doses, mean, low, high, lowest, highest} in the order
// of the doses; low to high is the middle half of the draws.
export function summarise(found) {
  const doses = [...found.keys()].sort((a, b) => a - b);
  const sorted = doses.map(dose => [...found.get(dose)].sort((a, b) => a - b));
  return {
    doses,
    mean: sorted.map(mean),
    low: sorted.map(values => quantile(values, .25)),
    high: sorted.map(values => quantile(values, .75)),
    lowest: sorted.map(values => values[0]),
    highest: sorted.map(values => values.at(-1)),
  };
}
