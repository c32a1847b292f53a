// The state of the live network: what is lesioned, when, and which trials are looked at. One plain
// object with the fields of state.json, which are the traits of the widget. The table says of each
// field its type, its words for a reader, its default (null: the end of the trial), its range, the
// unit that a reader types, and whether it is `of` the trials. start and stop are steps.

import {parseUnits} from '../network/units.mjs';
import TABLE from './state.json' with {type: 'json'};

export const FIELDS = TABLE;
export const NAMES = Object.keys(FIELDS);
const OF_TRIALS = NAMES.filter(name => FIELDS[name].of === 'trials');
const {choices} = FIELDS.site;
export const SITES = Object.values(choices).flatMap(Object.keys);
const NONE = 'none';  // the text of a state without a lesion

// The network as it is given, on all trials. T: steps of a trial.
export function intactState(T) {
  return Object.fromEntries(NAMES.map(name => [name, FIELDS[name].default ?? T]));
}

// The network as it is given, on the trials of a state.
export function withoutLesion(state, T) {
  return {...intactState(T), ...Object.fromEntries(OF_TRIALS.map(name => [name, state[name]]))};
}

export function sameState(a, b, names = NAMES) {
  return names.every(name => a[name] === b[name]);
}

export function sameTrials(a, b) {
  return sameState(a, b, OF_TRIALS);
}

// Whether two states are the same in all but some fields.
export function sameBut(names, a, b) {
  return sameState(a, b, NAMES.filter(name => !names.includes(name)));
}

// Whether a state leaves the network as it is.
export function isIdle({site, units, fraction, scale}) {
  const nobody = site === 'units' && units.trim() === '';
  return nobody || fraction === 0 || scale === 1;
}

export function lasts(state, T) {
  return state.start === 0 && state.stop === T;
}

// Sites to choose from, by what they hit: [{name, sites: [[site, words]]}].
export function siteGroups(network) {
  const hasSOM = network.som.some(Boolean);
  const isThere = ([site]) => site !== 'SOM' || hasSOM;
  return Object.entries(choices).map(([name, sites]) => {
    return {name, sites: Object.entries(sites).filter(isThere)};
  });
}

export function isOfUnits(site) {
  return site in choices.units;
}

// A fraction in percent, without the last digits of a binary number: 0.07 is 7.
export function percent(fraction) {
  return Number((100 * fraction).toPrecision(6));
}

// The number that a text is; NaN for none.
function number(text) {
  return text.trim() === '' ? NaN : Number(text);
}

// The value of a field as a reader sees it, and what a reader typed as a value.
export function shown(name, value, stepMs) {
  const {unit} = FIELDS[name];
  if (unit === '%') return percent(value);
  return unit === 'ms' ? value * stepMs : value;
}

export function typed(name, text, stepMs) {
  const {type, unit} = FIELDS[name];
  if (type === 'units') return text.trim();
  if (isText(name)) return text;
  return number(text) / ({'%': 100, ms: stepMs}[unit] ?? 1);
}

export function isText(name) {
  return typeof FIELDS[name].default === 'string';
}

// A number as a sentence has it; an empty field has none.
function said(value, unit = '') {
  return Number.isNaN(Number(value)) ? 'no number' : `${value}${unit}`;
}

function problemOfNumber(state, name) {
  const {type, words, range, unit} = FIELDS[name];
  const value = state[name];
  const [least, most] = range;
  const whole = type !== 'number';
  const isNumber = whole ? Number.isInteger(value) : Number.isFinite(value);
  if (isNumber && value >= least && value <= most) return null;
  const after = unit ? ` ${unit}` : '';
  const [from, to, got] = [least, most, value].map(each => shown(name, each));
  return `${words} must be a ${whole ? 'whole ' : ''}number from ${from} to ${to}${after}, `
    + `got ${said(got, after)}`;
}

// What is wrong with a field, by its type, in a state of a world: a sentence, or null.
const PROBLEMS = {
  site({site}, name, {network}) {
    const there = siteGroups(network).flatMap(({sites}) => sites.map(([each]) => each));
    if (there.includes(site)) return null;
    if (SITES.includes(site)) return 'This network has no SOM units.';
    return `site must be one of ${there.join(', ')}, got '${site}'`;
  },
  units({units}, name, {network}) {
    if (units === '') return null;
    try {
      parseUnits(units, network.N);
      return null;
    } catch (error) {
      return error.message;
    }
  },
  number: problemOfNumber,
  whole: problemOfNumber,
  trial_seed: problemOfNumber,
  window({start, stop}, name, {network: {stepMs}, trials: {T}}) {
    const whole = Number.isInteger(start) && Number.isInteger(stop);
    if (whole && start >= 0 && start < stop && stop <= T) return null;
    return `from and to must be multiples of ${stepMs} ms, the first below the second, from 0 to `
      + `${T * stepMs} ms, got ${said(start * stepMs)} to ${said(stop * stepMs)} ms`;
  },
  trial_type({trial_type: type}, name, {trials: {types = []}}) {
    if (type === '' || types.includes(type)) return null;
    return `trial type must be one of ${types.join(', ')}, got '${type}'`;
  },
};

// A sentence on what is wrong with a state of a world (experiment.mjs); null where all is well.
export function check(state, world) {
  for (const name of NAMES) {
    const problem = PROBLEMS[FIELDS[name].type](state, name, world);
    if (problem) return problem;
  }
  return null;
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
    state[name] = isText(name) ? value : number(value);
  }
  return {...state, units: state.units.replace(/,(?=\S)/g, ', ')};
}
