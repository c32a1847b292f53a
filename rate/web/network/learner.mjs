// A network that can learn: what is drawn at its start, and what the equations need of it.

import {Random} from './random.mjs';

const P_INH = .2;  // probability that a unit is inhibitory
const P_REC = .2;  // probability of a connection
const GAIN = 1.5;  // of the first weights

function drawTypes(N, dale, random) {
  const inh = new Uint8Array(N);
  for (let i = 0; i < N; i++) inh[i] = Number(random.uniform() < P_INH && dale);
  return inh;
}

// The first weights, N x N; 0 where there is no connection.
function drawWeights(N, dale, random) {
  const w = new Float64Array(N * N);
  for (let c = 0; c < w.length; c++) w[c] = Number(random.uniform() < P_REC);
  const sd = GAIN / Math.sqrt(N * P_REC);
  for (let c = 0; c < w.length; c++) {
    if (w[c] === 0) continue;
    const strength = sd * random.normal();
    w[c] = dale ? Math.abs(strength) : strength;
  }
  return w;
}

// Scale the inhibitory inputs of each unit so that their sum is that of its excitatory ones, where
// it has both: the start 'balanced' of FR_RNN_dale, to the bit.
export function balance(w, N, inh) {
  for (let i = 0; i < N; i++) {
    const inputs = w.subarray(i * N, (i + 1) * N);
    const sums = [0, 0];  // of excitatory and of inhibitory ones
    inputs.forEach((value, j) => {
      sums[inh[j]] += value;
    });
    const [E, I] = sums;
    if (E === 0 || I === 0) continue;
    for (let j = 0; j < N; j++) if (inh[j]) inputs[j] *= E / I;
  }
}

// Which connections can be trained, by the unit that gets them: those to unit i are numbers
// start[i] to start[i + 1] - 1, from unit pre. Under Dale's principle absent ones stay absent.
function listConnections(w, N, dale) {
  const start = [0];
  const pre = [];
  const strengths = [];
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < N; j++) {
      if (dale && w[i * N + j] === 0) continue;
      pre.push(j);
      strengths.push(w[i * N + j]);
    }
    start.push(pre.length);
  }
  return {
    start: Int32Array.from(start),
    pre: Uint16Array.from(pre),
    w: Float64Array.from(strengths),
  };
}

function normals(n, sd, random) {
  const values = new Float64Array(n);
  random.fill(values, sd);
  return values;
}

// Draw a network of N units as the paper does, with one input and one output. dale: whether all
// connections from a unit have its sign; taus: [tau] fixed or [lo, hi] trained, in steps of 5 ms;
// begin: 'published', or 'balanced'; rectifier: 'relu' or 'abs'; both need dale. w, wOut, bOut and
// tausGaus are trained.
export function drawLearner({N, seed, dale = true, taus = [4, 20], begin = 'published',
  rectifier = 'relu'}) {
  const random = new Random(seed);
  const inh = drawTypes(N, dale, random);
  const drawn = drawWeights(N, dale, random);
  if (begin === 'balanced') balance(drawn, N, inh);
  const {start, pre, w} = listConnections(drawn, N, dale);
  return {
    N,
    K: 1,
    dale,
    rectifier,
    taus,
    noise: .1,  // standard deviation of what is added to x in each step
    initNoise: .01,  // and of x at time 0
    inh,
    start,
    pre,
    sign: Float64Array.from(pre, j => (inh[j] ? -1 : 1)),
    wIn: normals(N, 1, random),
    w,
    wOut: normals(N, 1 / 100, random),
    bOut: new Float64Array(1),
    tausGaus: normals(N, 1, random),
  };
}

export function sigmoid(x) {
  return 1 / (1 + Math.exp(-x));
}

// The time constant of each unit in steps.
export function timeConstants({taus, tausGaus}) {
  const [lo, hi = lo] = taus;
  return tausGaus.map(value => lo + (hi - lo) * sigmoid(value));
}

// The strength of each connection: under Dale's principle those below 0 are cut, or count as their
// size, by the rectifier.
export function strengths({w, dale, rectifier}) {
  if (!dale) return w.slice();
  return w.map(value => (rectifier === 'abs' ? Math.abs(value) : Math.max(value, 0)));
}

// The signed weight of each connection.
export function effectiveWeights(learner) {
  return strengths(learner).map((strength, c) => learner.sign[c] * strength);
}
