// What JavaScript makes of the cases that live.py wrote, beside what Python made of them; for node
// and for a browser. A check returns a list of what is wrong, in words.
import {decode} from '../rate/web/network/buffers.mjs';
import {givenEffects, hits, postOf} from '../rate/web/network/effects.mjs';
import {effectsOf, runTrial} from '../rate/web/work/experiment.mjs';
import {makeNetwork} from '../rate/web/network/network.mjs';
import {isCorrect, loss} from '../rate/web/network/score.mjs';
import {asCode, inWords} from '../rate/web/work/action.mjs';
import {makeTrials, resized} from '../rate/web/network/trials.mjs';

const LARGEST = 1e-5;  // difference of outputs

// read(name) -> Promise of bytes.
async function readCase(read, number) {
  const name = String(number).padStart(2, '0');
  const [data, made, draws, scores] = await Promise.all(
    ['data', 'made', 'draws', 'scores'].map(async kind => decode(await read(`${name}.${kind}`))));
  const network = makeNetwork(data);
  const world = {network, trials: makeTrials(data), given: givenEffects(network, data)};
  return {world, facts: data.facts, made, draws, scores};
}

function checkOutputs({world, made}) {
  const {trials} = world;
  const size = trials.M * (trials.T - 1);
  const faults = [];
  made.facts.states.forEach((state, s) => {
    const effects = effectsOf(world, state);
    for (let b = 0; b < trials.B; b++) {
      const {o} = runTrial(world, effects, b, 0);
      const first = (s * trials.B + b) * size;
      const wanted = resized(made.arrays.outputs.subarray(first, first + size), trials.M, trials.lengths[b] - 1);
      const off = Math.max(...o.map((value, i) => Math.abs(value - wanted[i])));
      if (!(off <= LARGEST)) faults.push(`trial ${b} differs by ${off} in ${JSON.stringify(state)}`);
    }
  });
  return faults;
}

// Where a lesion hits, as Python counts: the places in its whole arrays.
function places(network, {part, indices}) {
  if (part !== 'w') return indices;
  const post = postOf(network);
  return indices.map(c => post[c] * network.N + network.w.pre[c]);
}

function checkDraws({world, draws}) {
  const faults = [];
  draws.facts.states.forEach((state, k) => {
    const found = places(world.network, hits(world.network, state));
    const wanted = Array.from(draws.arrays[`hit${k}`]);
    if (String(found) !== String(wanted)) faults.push(`other hits in ${JSON.stringify(state)}`);
  });
  return faults;
}

function checkScores({world, scores}) {
  const {trials} = world;
  const size = trials.M * (trials.T - 1);
  const faults = [];
  scores.arrays.correct.forEach((wanted, k) => {
    const b = k % trials.B;
    const all = scores.arrays.o.subarray(k * size, (k + 1) * size);
    const o = resized(all, trials.M, trials.lengths[b] - 1);
    const found = isCorrect(o, trials.z[b], trials.rules[b]);
    if (found !== Boolean(wanted)) faults.push(`outputs ${k} of trial ${b}: ${found}`);
    const off = Math.abs(loss(o, trials.z[b], trials.mask?.[b]) - scores.arrays.losses[k]);
    if (o.every(Number.isFinite) && off > LARGEST) faults.push(`the loss of outputs ${k} differs by ${off}`);
  });
  return faults;
}

// Code of a state, and the state in words.
function checkTexts({facts, made}) {
  const faults = [];
  const compare = (found, wanted) => {
    if (found !== wanted) faults.push(`JavaScript:\n${found}\nPython:\n${wanted}`);
  };
  made.facts.states.forEach((state, s) => {
    compare(asCode(state, facts), made.facts.codes[s]);
    compare(inWords(state, facts), made.facts.words[s]);
  });
  return faults;
}

const CHECKS = {
  outputs: checkOutputs,
  'lesion draws': checkDraws,
  scores: checkScores,
  'code and words': checkTexts,
};

// How much was looked at, and all that is wrong, in words.
export async function checkAll(read) {
  const names = JSON.parse(new TextDecoder().decode(await read('names.json')));
  const faults = [];
  for (let k = 0; k < names.length; k++) {
    const found = await readCase(read, k);
    for (const [what, check] of Object.entries(CHECKS)) {
      faults.push(...check(found).map(fault => `${names[k]}, ${what}: ${fault}`));
    }
  }
  return {checks: names.length * Object.keys(CHECKS).length, faults};
}
