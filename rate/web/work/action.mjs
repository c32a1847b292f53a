// What is done to a network, in words and as Python code.

import {givenName} from '../network/network.mjs';
import {parseUnits} from '../network/units.mjs';
import {isIdle, isOfUnits, lasts, percent, siteWords} from './state.mjs';

// The lesion of a state in words.
function lesionWords(state, {network, trials}) {
  const where = state.site === 'units' ? `units ${state.units}` : siteWords(state.site);
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
