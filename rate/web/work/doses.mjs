// Dose and response: which lesions are tried, in which order, and what they say together.

import {NAMES, sameState} from './state.mjs';
import {trialsOfType} from '../network/trials.mjs';

export const N_TRIALS = 20;  // of each lesion
const N_DRAWS = 10;  // lesions of each dose in the first round
const N_MORE = 30;  // in all, once the curve is there
const ALONG = ['fraction', 'lesion_seed'];  // what differs along a curve
const DOSES = Array.from({length: 10}, (_, k) => (k + 1) / 10);

// The jobs of a curve as a list of {dose, job}: the network as given, then one lesion of each dose,
// then a second one of each. Draw k has the lesion seed k.
export function doseJobs(world, state) {
  const indices = trialsOfType(world.trials, state.trial_type).slice(0, N_TRIALS);
  const at = (dose, draw) => ({
    dose,
    job: {state: {...state, fraction: dose, lesion_seed: draw}, indices, seed: state.seed},
  });
  const draws = Array.from({length: N_MORE}, (_, draw) => DOSES.map(dose => at(dose, draw)));
  return [at(0, 0), ...draws.flat()];
}

// How many of the jobs make the first picture of a whole curve.
export const N_FIRST = 1 + DOSES.length * N_DRAWS;

// Whether two states have the same curve: it does not depend on where the reader stands on it.
export function sameCurve(state, before) {
  return sameState(state, before, NAMES.filter(name => !ALONG.includes(name)));
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
    mean: sorted.map(values => values.reduce((sum, value) => sum + value, 0) / values.length),
    low: sorted.map(values => quantile(values, .25)),
    high: sorted.map(values => quantile(values, .75)),
    lowest: sorted.map(values => values[0]),
    highest: sorted.map(values => values.at(-1)),
  };
}

// What a dead network gets on the trials of a type.
export function silentAccuracy(trials, type) {
  const numbers = trialsOfType(trials, type);
  return numbers.filter(b => trials.silent[b]).length / numbers.length;
}
