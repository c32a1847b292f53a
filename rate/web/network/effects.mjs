// What is done to a network, and when. An effect lasts from step `start` to step `stop` - 1; w,
// wIn, wOut and gain are factors of the network's arrays of these names, or null where they stay as
// they are. drive is a current, or null: {units, course: one number a step, start, sd of noise}.
// trials: Uint8Array, 1 for each that it is meant for; null: all.

import {countOf, ranked} from './choose.mjs';
import {parseUnits} from './units.mjs';

const NOTHING = {gain: null, w: null, wIn: null, wOut: null, drive: null, trials: null};

const KEPT = 12;  // rankings of a network
const kept = new WeakMap();  // network -> Map(text -> ranking)

export const PAIRINGS = ['E-E', 'E-I', 'I-E', 'I-I'];

const isType = {
  E: (network, unit) => !network.inh[unit],
  I: (network, unit) => Boolean(network.inh[unit]),
  SOM: (network, unit) => Boolean(network.som[unit]),
};

// For each connection, in the order of w.value, the unit that it runs to.
export function postOf(network) {
  const {start, pre} = network.w;
  const post = new Int32Array(pre.length);
  for (let i = 0; i < network.N; i++) post.fill(i, start[i], start[i + 1]);
  return post;
}

// For each connection the place of its pairing in PAIRINGS.
export function pairingOf(network) {
  const post = postOf(network);
  return Uint8Array.from(post, (i, c) => 2 * network.inh[network.w.pre[c]] + network.inh[i]);
}

const range = n => Array.from({length: n}, (_, i) => i);

function connections(network, pairing) {
  const all = range(network.w.pre.length).filter(c => network.gain[network.w.pre[c]] !== 0);
  if (pairing === undefined) return all;
  const of = pairingOf(network);
  return all.filter(c => PAIRINGS[of[c]] === pairing);
}

function unitsOfType(network, type) {
  return range(network.N).filter(unit => isType[type](network, unit));
}

function nonzero(weights) {
  return range(weights.length).filter(i => weights[i] !== 0);
}

// The part of the network that a site lies in, and its groups of candidates.
export function candidates(network, site, units) {
  if (site === 'all') return {part: 'w', groups: [connections(network)]};
  if (site === 'by_type') return {part: 'w', groups: PAIRINGS.map(p => connections(network, p))};
  if (PAIRINGS.includes(site)) return {part: 'w', groups: [connections(network, site)]};
  if (site in isType) return {part: 'gain', groups: [unitsOfType(network, site)]};
  if (site === 'input') return {part: 'wIn', groups: [nonzero(network.wIn)]};
  if (site === 'readout') return {part: 'wOut', groups: [nonzero(network.wOut)]};
  return {part: 'gain', groups: [parseUnits(units, network.N)]};
}

// The number of a candidate as Python counts it: the place in its whole array.
function numberOf(network, part) {
  if (part !== 'w') return i => i;
  const post = postOf(network);
  return c => post[c] * network.N + network.w.pre[c];
}

// What a state hits at any fraction: {part, groups: indices by rank}. The last ones are kept: a
// slider that moves asks for the same again.
function rankedGroups(network, {site, units, lesion_seed: seed}) {
  if (!kept.has(network)) kept.set(network, new Map());
  const known = kept.get(network);
  const key = `${site}/${site === 'units' ? units : ''}/${seed}`;
  if (!known.has(key)) {
    if (known.size >= KEPT) known.delete(known.keys().next().value);
    known.set(key, rankGroups(network, site, units, seed));
  }
  return known.get(key);
}

function rankGroups(network, site, units, seed) {
  const {part, groups} = candidates(network, site, units);
  const number = numberOf(network, part);
  const rank = group => Array.from(ranked(group.map(number), seed), place => group[place]);
  return {part, groups: groups.map(rank)};
}

// What a state hits: {part, indices} into the network's array of that name, in rising order.
export function hits(network, state) {
  const {part, groups} = rankedGroups(network, state);
  const chosen = groups.flatMap(group => group.slice(0, countOf(state.fraction, group.length)));
  return {part, indices: Array.from(Int32Array.from(chosen).sort())};
}

// How many a state hits, and how many there are.
export function countHits(network, state) {
  const sizes = rankedGroups(network, state).groups.map(group => group.length);
  const sum = numbers => numbers.reduce((total, each) => total + each, 0);
  return {hit: sum(sizes.map(size => countOf(state.fraction, size))), all: sum(sizes)};
}

function sizeOf(network, part) {
  return part === 'w' ? network.w.value.length : network[part].length;
}

// Factors of a part: 1, but `scale` at the indices.
export function factors(network, part, indices, scale) {
  const all = new Float64Array(sizeOf(network, part)).fill(1);
  for (const i of indices) all[i] = scale;
  return all;
}

// The lesion of a state as an effect.
export function lesionEffect(network, state) {
  const {part, indices} = hits(network, state);
  return {
    ...NOTHING,
    start: state.start,
    stop: state.stop,
    [part]: factors(network, part, indices, state.scale),
  };
}

// The interventions that Python gave, as effects; data: {facts, arrays} of rate.page.
export function givenEffects(network, {facts, arrays}) {
  return (facts.effects ?? []).map(({start, stop, part, scale, sd}, k) => {
    const of = name => arrays[`effect${k}_${name}`];
    const effect = {...NOTHING, start, stop, trials: of('trials')};
    if (part === 'drive') {
      return {...effect, drive: {units: of('hit'), course: of('course'), start, sd}};
    }
    return {...effect, [part]: factors(network, part, of('hit'), scale)};
  });
}

// Those that are meant for a trial.
export function effectsOn(trial, effects) {
  return effects.filter(effect => effect.trials === null || effect.trials[trial]);
}
