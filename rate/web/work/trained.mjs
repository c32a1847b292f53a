// A learner and its task as the data of a page: what buffers.mjs gets from Python otherwise.

import {effectiveWeights, strengths, timeConstants} from '../network/learner.mjs';
import {isCorrect} from '../network/score.mjs';
import {RULE, T, makeTrial} from './training.mjs';

const STEP_MS = 5;

// The connections that are not 0, by the unit that gets them.
function connectionArrays(learner) {
  const {N, start, pre} = learner;
  const weights = effectiveWeights(learner);
  const starts = [0];
  const kept = [];
  for (let i = 0; i < N; i++) {
    for (let c = start[i]; c < start[i + 1]; c++) if (weights[c] !== 0) kept.push(c);
    starts.push(kept.length);
  }
  return {
    w_start: Int32Array.from(starts),
    w_pre: Uint16Array.from(kept, c => pre[c]),
    w_value: Float32Array.from(kept, c => weights[c]),
  };
}

function networkData(learner) {
  const {N, K, noise, initNoise, wIn, wOut, bOut, inh} = learner;
  return {
    facts: {
      N,
      K,
      M: 1,
      activation: 'sigmoid',
      noise,
      init_noise: initNoise,
      DeltaT: 1,
      step_ms: STEP_MS,
    },
    arrays: {
      ...connectionArrays(learner),
      w_in: Float32Array.from(wIn),
      w_out: Float32Array.from(wOut),
      b_out: Float32Array.from(bOut),
      tau: Float32Array.from(timeConstants(learner)),
      gain: new Float32Array(N).fill(1),
      inh: inh.slice(),
      som: new Uint8Array(N),
    },
  };
}

// The network by the keys of rate.formats, as mat.mjs writes them.
export function networkFile(learner) {
  const {N, K, dale, rectifier, taus, noise, initNoise, inh, start, pre} = learner;
  const {wIn, wOut, bOut, tausGaus} = learner;
  const w = strengths(learner);
  const matrix = (rows, columns, values) => ({rows, columns, values});
  const diagonal = new Float64Array(N * N);
  const weights = new Float64Array(N * N);
  for (let i = 0; i < N; i++) {
    diagonal[i * N + i] = inh[i] ? -1 : 1;
    for (let c = start[i]; c < start[i + 1]; c++) {
      weights[i * N + pre[c]] = w[c];
    }
  }
  return {
    N,
    m: matrix(N, N, diagonal),
    som_m: matrix(N, N, new Float64Array(N * N).fill(1)),
    som_N: 0,
    w_in: matrix(N, K, wIn.slice()),
    w_out: matrix(1, N, wOut.slice()),
    b_out: bOut[0],
    exc: matrix(N, 1, inh.map(each => 1 - each)),
    inh: matrix(N, 1, inh.slice()),
    taus: matrix(1, taus.length, taus),
    taus_gaus: matrix(N, 1, tausGaus.slice()),
    activation: 'sigmoid',
    apply_dale: Number(dale),
    ...(rectifier === 'abs' ? {rectifier} : {}),
    noise,
    init_noise: initNoise,
    w: matrix(N, N, weights),
  };
}

function joined(parts) {
  return Float32Array.from(parts.flatMap(part => [...part]));
}

// B trials, go and nogo in turn; silent: which of them a network without rates does right.
function trialsData(B, bOut) {
  const group = Uint8Array.from({length: B}, (_, b) => b % 2);
  const trials = Array.from(group, nogo => makeTrial(nogo === 0));
  const silence = new Float32Array(T - 1).fill(bOut[0]);
  const window = new Uint8Array(T - 1);
  for (const j of RULE.steps) window[j] = 1;
  return {
    facts: {
      task: 'go_nogo',
      B,
      T,
      groups: ['go', 'nogo'],
      types: ['go', 'nogo'],
      type_of_group: ['go', 'nogo'],
      n_trials: B,
      scorable: true,
      answer: RULE.answer,
      silence: RULE.silence,
      chance: Math.ceil(B / 2) / B,
      channels: ['go cue'],
      outputs: ['output'],
      effects: [],
    },
    arrays: {
      u: joined(trials.map(trial => trial.u)),
      z: joined(trials.map(trial => trial.z)),
      window: Uint8Array.from(trials.flatMap(() => [...window])),
      group,
      silent: Uint8Array.from(trials, ({z}) => Number(isCorrect(silence, z, RULE))),
    },
  };
}

// {facts, arrays} of the network as it is now and of B trials, for makeNetwork and makeTrials, and
// `file`: what matFile writes of it.
export function trainedData(learner, B = 100) {
  const [network, trials] = [networkData(learner), trialsData(B, learner.bOut)];
  return {
    facts: {...network.facts, ...trials.facts},
    arrays: {...network.arrays, ...trials.arrays},
    file: networkFile(learner),
  };
}
