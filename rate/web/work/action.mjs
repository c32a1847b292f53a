// What is done to a network, in words and as Python code: the lesion of a state, as a Scaling of
// rate.interventions says it, and the interventions that Python gave. facts: those of the packed
// data.

import {givenName} from '../network/network.mjs';
import {parseUnits} from '../network/units.mjs';
import {isIdle, isOfUnits, lasts, percent} from './state.mjs';

function windowOf({start, stop}, {step_ms: stepMs}) {
  return [start * stepMs, stop * stepMs];
}

function counted(n) {
  return n === 1 ? '1 unit' : `${n} units`;
}

function lesionWords(state, facts) {
  const {site, fraction, scale} = state;
  const ofUnits = isOfUnits(site);
  const listed = site === 'units' ? counted(parseUnits(state.units, facts.N).length) : site;
  const weights = site === 'by_type' ? 'the weights of each pairing' : `${site} weights`;
  const all = ofUnits ? listed : weights;
  const where = fraction < 1 ? `${percent(fraction)} % of ${all}` : all;
  const [from, to] = windowOf(state, facts);
  const when = lasts(state, facts.T) ? '' : `, ${from} to ${to} ms`;
  if (ofUnits && scale === 0) return `silence ${where}${when}`;
  return `${ofUnits ? 'rates of ' : ''}${where} times ${Number(scale.toPrecision(6))}${when}`;
}

function literal(text) {
  return text.includes("'") ? JSON.stringify(text) : `'${text}'`;
}

function lesionCode(state, facts) {
  const {site, fraction, scale, lesion_seed: seed} = state;
  const ofUnits = isOfUnits(site);
  const listed = site === 'units';
  const where = listed ? `[${parseUnits(state.units, facts.N).join(', ')}]` : literal(site);
  const given = ofUnits ? [where] : [where, scale];
  if (!lasts(state, facts.T)) given.push(`window_ms=(${windowOf(state, facts).join(', ')})`);
  if (fraction !== 1) given.push(`fraction=${fraction}`);
  if (seed !== 0) given.push(`seed=${seed}`);
  if (ofUnits && scale !== 0) given.push(`scale=${scale}`);
  return `${ofUnits ? 'silence' : 'strengthen'}(${given.join(', ')})`;
}

// All that is done, in words.
export function inWords(state, facts) {
  const before = facts.damage ? [`${givenName(facts)} (${facts.damage})`] : [];
  const lesion = isIdle(state) ? [] : [lesionWords(state, facts)];
  const words = [...before, ...lesion, ...facts.effects.map(effect => effect.words)];
  return words.join('; ') || givenName(facts);
}

// Python lines that make a state of a network `net` and a `task`, and score it. facts of a network
// that was trained in the page name its `file`.
export function asCode(state, facts) {
  const lesion = isIdle(state) ? [] : [lesionCode(state, facts)];
  const calls = [...lesion, ...facts.effects.map(effect => effect.code)];
  const names = [...new Set(calls.map(call => call.slice(0, call.indexOf('('))))].sort();
  const type = state.trial_type === '' ? 'None' : literal(state.trial_type);
  const lines = facts.damage ? [`# net as given: ${facts.damage}`] : [];
  if (facts.file) lines.push('from rate import GoNogoTask, load');
  if (names.length) lines.push(`from rate.interventions import ${names.join(', ')}`);
  lines.push('from rate.model import evaluate', '');
  if (facts.file) lines.push(`net, task = load('${facts.file}'), GoNogoTask()`);
  if (calls.length) lines.push(`interventions = [${calls.join(`,\n${' '.repeat(17)}`)}]`);
  const more = calls.length ? 'interventions=interventions, ' : '';
  lines.push(`evaluation = evaluate(net, task, ${facts.n_trials}, ${more}trial_type=${type}, `
    + `seed=${state.seed})`);
  return [...lines, 'evaluation.accuracy'].join('\n');
}
