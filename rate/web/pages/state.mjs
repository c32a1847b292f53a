// The state of the live network: what is lesioned, when, and which trials are looked at. One plain
// object with the names of the widget's traits; start and stop are steps. Nothing here draws.

import {isIdle} from '../work/experiment.mjs';
import {givenName} from '../network/network.mjs';
import {parseUnits} from '../network/units.mjs';

export const SEEDS = 2 ** 32;  // there are so many
export const MAX_SCALE = 2;
const BETWEEN = '\u003b';  // states in an address
const NONE = 'none';  // the text of a state without a lesion
const CONNECTIONS = ['all', 'by_type', 'E-E', 'E-I', 'I-E', 'I-I'];
const UNITS = ['E', 'I', 'SOM', 'units'];
const OTHER = ['input', 'readout'];
export const SITES = [...CONNECTIONS, ...UNITS, ...OTHER];

const WORDS = {
  all: 'all connections',
  by_type: 'each pairing alike',
  'E-E': 'E to E (E-E)',
  'E-I': 'E to I (E-I)',
  'I-E': 'I to E (I-E)',
  'I-I': 'I to I (I-I)',
  E: 'excitatory units',
  I: 'inhibitory units',
  SOM: 'SOM units',
  units: 'units in a list',
  input: 'input weights',
  readout: 'readout weights',
};

// The network as it is given, on all trials. T: steps of a trial.
export function intactState(T) {
  return {
    site: 'all',
    units: '',
    fraction: 0,
    scale: 0,
    start: 0,
    stop: T,
    lesion_seed: 0,
    seed: 0,
    trial_type: '',
  };
}

export const NAMES = Object.keys(intactState(0));

export function siteWords(site) {
  return WORDS[site];
}

// Sites to choose from, by what they hit: [{name, sites}].
export function siteGroups(network) {
  const hasSOM = network.som.some(Boolean);
  return [
    {name: 'connections', sites: CONNECTIONS},
    {name: 'units', sites: UNITS.filter(site => site !== 'SOM' || hasSOM)},
    {name: 'weights', sites: OTHER},
  ];
}

export function isOfUnits(site) {
  return UNITS.includes(site);
}

export function sameState(a, b) {
  return NAMES.every(name => a[name] === b[name]);
}

const isWhole = (value, least, end) => Number.isInteger(value) && value >= least && value < end;
const isWithin = (value, least, most) => Number.isFinite(value) && value >= least && value <= most;

function problemOfSite(state, network) {
  const there = siteGroups(network).flatMap(({sites}) => sites);
  if (there.includes(state.site)) return null;
  if (SITES.includes(state.site)) return 'This network has no SOM units.';
  return `site must be one of ${there.join(', ')}, got '${state.site}'`;
}

function problemOfUnits(state, network) {
  if (state.units === '') return null;
  try {
    parseUnits(state.units, network.N);
    return null;
  } catch (error) {
    return error.message;
  }
}

// A number as a sentence has it; an empty field has none.
function said(value, unit = '') {
  return Number.isNaN(Number(value)) ? 'no number' : `${value}${unit}`;
}

function problemOfNumbers({fraction, scale}) {
  if (!isWithin(fraction, 0, 1)) {
    return `fraction must be a number from 0 to 100 %, got ${said(percent(fraction), ' %')}`;
  }
  if (!isWithin(scale, 0, MAX_SCALE)) {
    return `scale must be a number from 0 to ${MAX_SCALE}, got ${said(scale)}`;
  }
  return null;
}

function problemOfWindow({start, stop}, T, stepMs) {
  if (isWhole(start, 0, stop) && isWhole(stop, 1, T + 1)) return null;
  return `from and to must be multiples of ${stepMs} ms, the first below the second, from 0 to `
    + `${T * stepMs} ms, got ${said(start * stepMs)} to ${said(stop * stepMs)} ms`;
}

function problemOfSeeds(state) {
  for (const [name, words] of [['lesion_seed', 'lesion seed'], ['seed', 'trial seed']]) {
    if (!isWhole(state[name], 0, SEEDS)) {
      return `${words} must be a whole number from 0 to ${SEEDS - 1}, got ${said(state[name])}`;
    }
  }
  return null;
}

function problemOfType({trial_type: type}, types) {
  if (type === '' || types.includes(type)) return null;
  return `trial type must be one of ${types.join(', ')}, got '${type}'`;
}

// A sentence on what is wrong with a state of a world (experiment.mjs); null where all is well.
export function check(state, {network, trials}) {
  return problemOfSite(state, network)
    ?? problemOfUnits(state, network)
    ?? problemOfNumbers(state)
    ?? problemOfWindow(state, trials.T, network.stepMs)
    ?? problemOfSeeds(state)
    ?? problemOfType(state, trials.types ?? []);
}

// A state as a short text, without what is as in the network as given: 'site=I-E&fraction=0.4'.
export function toText(state, T) {
  const usual = intactState(T);
  const other = NAMES.filter(name => state[name] !== usual[name]);
  const written = value => encodeURIComponent(String(value).replace(/,\s+/g, ','));
  const text = other.map(name => `${name}=${written(state[name])}`).join('&');
  return text.replace(/%2C/g, ',') || NONE;
}

// The state that a text, or an address with such a text behind a '#', stands for. Throws an Error
// for any other text; whether the values are possible, `check` says.
export function fromText(text, T) {
  const state = intactState(T);
  const part = text.slice(text.indexOf('#') + 1).replace(/^\w+:/, '').trim();
  if ([NONE, 'intact', ''].includes(part)) return state;  // 'intact': in older addresses
  for (const [name, value] of new URLSearchParams(part)) {
    if (!NAMES.includes(name)) {
      throw new Error(`a state must be made of ${NAMES.join(', ')}, got '${name}'`);
    }
    state[name] = typeof state[name] === 'number' ? number(value) : value;
  }
  return {...state, units: state.units.replace(/,(?=\S)/g, ', ')};
}

// The number that a text is; NaN for none.
export function number(text) {
  return text.trim() === '' ? NaN : Number(text);
}

// The states that an address holds, by their keys: '#lesion:site=I-E;lesion2:fraction=0.4'.
export function readAddress(hash) {
  const parts = hash.replace(/^#/, '').split(BETWEEN);
  return new Map(parts.filter(part => part.includes(':')).map(part => {
    const at = part.indexOf(':');
    return [part.slice(0, at), part.slice(at + 1)];
  }));
}

// The same address with another state at a key.
export function writeAddress(hash, key, text) {
  const states = readAddress(hash).set(key, text);
  return `#${[...states].map(([name, state]) => `${name}:${state}`).join(BETWEEN)}`;
}

// A fraction in percent, without the last digits of a binary number: 0.07 is 7.
export function percent(fraction) {
  return Number((100 * fraction).toPrecision(6));
}

export function lasts(state, T) {
  return state.start === 0 && state.stop === T;
}

// The lesion of a state in words.
function lesionWords(state, {network, trials}) {
  const where = state.site === 'units' ? `units ${state.units}` : WORDS[state.site];
  const what = isOfUnits(state.site) ? 'rates' : 'weights';
  const [from, to] = [state.start, state.stop].map(step => step * network.stepMs);
  const when = lasts(state, trials.T) ? '' : `, ${from} to ${to} ms`;
  return `${percent(state.fraction)} % of ${where}, ${what} times ${state.scale}${when}`;
}

// All that is done in words: what was there before, the lesion, and Python's own interventions.
export function inWords(state, world) {
  const {damage} = world.network;
  const before = damage ? [`${givenName(world.network)} (${damage})`] : [];
  const words = isIdle(state) ? [] : [lesionWords(state, world)];
  const done = [...before, ...words, ...world.given.map(effect => effect.words)];
  return done.join('; ') || givenName(world.network);
}

function literal(text) {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}

// The call that makes the lesion: {circuit: a lasting one, intervention: another one}.
function lesionCode(state, facts) {
  if (isIdle(state)) return {};
  const {fraction, scale, start, stop, lesion_seed: seed} = state;
  const listed = state.site === 'units';
  const site = listed ? `[${parseUnits(state.units, facts.N).join(', ')}]` : literal(state.site);
  if (lasts(state, facts.T) && !facts.effects.length) {
    return {circuit: `lesion(net.circuit(), ${fraction}, ${site}, scale=${scale}, seed=${seed})`};
  }
  const window = `window_ms=(${start * facts.step_ms}, ${stop * facts.step_ms})`;
  const rest = `fraction=${fraction}, seed=${seed})`;
  if (isOfUnits(state.site)) {
    return {intervention: `silence(${site}, ${window}, scale=${scale}, ${rest}`};
  }
  return {intervention: `strengthen(${site}, ${scale}, ${window}, ${rest}`};
}

// Python lines that make a state of a network `net` and a `task`, and score it. facts: those of the
// packed data; those of a network that was trained in the page name its `file`.
export function asCode(state, facts) {
  const {circuit, intervention} = lesionCode(state, facts);
  const given = facts.effects.map(effect => effect.code);
  const interventions = intervention ? [intervention, ...given] : given;
  const calls = circuit ? [circuit, ...interventions] : interventions;
  const names = [...new Set(calls.map(call => call.slice(0, call.indexOf('('))))].sort();
  const type = state.trial_type === '' ? 'None' : literal(state.trial_type);
  const lines = facts.damage ? [`# net as given: ${facts.damage}`] : [];
  if (facts.file) lines.push('from rate import GoNogoTask, load');
  if (names.length) lines.push(`from rate.interventions import ${names.join(', ')}`);
  lines.push('from rate.model import evaluate', '');
  if (facts.file) lines.push(`net, task = load('${facts.file}'), GoNogoTask()`);
  if (circuit) lines.push(`circuit = ${circuit}`);
  if (interventions.length) {
    lines.push('interventions = [', ...interventions.map(call => `    ${call},`), ']');
  }
  const more = interventions.length ? 'interventions=interventions, ' : '';
  lines.push(`evaluation = evaluate(${circuit ? 'circuit' : 'net'}, task, ${facts.n_trials}, `
    + `${more}trial_type=${type}, seed=${state.seed})`);
  return [...lines, 'evaluation.accuracy'].join('\n');
}

// The states that a reader went through. Those of one gesture, which have the same tag, are one.
export class History {
  constructor(state) {
    this.states = [state];
    this.at = 0;
    this.tag = null;
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at < this.states.length - 1;
  }

  push(state, tag = null) {
    const goesOn = tag !== null && tag === this.tag;
    const kept = goesOn ? this.at : this.at + 1;
    this.states.splice(kept, Infinity, state);
    this.at = kept;
    this.tag = tag;
  }

  // The gesture is over.
  settle() {
    this.tag = null;
  }

  undo() {
    return this.go(-1);
  }

  redo() {
    return this.go(1);
  }

  go(by) {
    const last = this.states.length - 1;
    this.at = Math.min(last, Math.max(0, this.at + by));
    this.tag = null;
    return this.states[this.at];
  }
}
