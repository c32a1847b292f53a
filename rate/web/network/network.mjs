// The network in the page: the equations of rate.dynamics, with its connections stored sparsely.

// data: {facts, arrays} of rate.page.network_data. w is compressed by rows: the connections that
// unit i gets are those from start[i] to start[i + 1] - 1, from unit pre, of weight value.
// damage: what lesions left in it, in words; severed: the connections that they cut, as places in
// the whole matrix, or null. Throws an Error for an activation that is not there.
export function makeNetwork({facts, arrays}) {
  if (!(facts.activation in RATES)) {
    throw new Error(`this page cannot run the activation '${facts.activation}'`);
  }
  return {
    N: facts.N,
    K: facts.K,
    M: facts.M,
    activation: facts.activation,
    noise: facts.noise,
    initNoise: facts.init_noise,
    DeltaT: facts.DeltaT,
    stepMs: facts.step_ms,
    w: {start: arrays.w_start, pre: arrays.w_pre, value: Float64Array.from(arrays.w_value)},
    wIn: Float64Array.from(arrays.w_in),
    wOut: Float64Array.from(arrays.w_out),
    bOut: arrays.b_out,
    tau: arrays.tau,
    gain: Float64Array.from(arrays.gain),
    inh: arrays.inh,
    som: arrays.som,
    damage: facts.damage ?? '',
    severed: arrays.severed ?? null,
    selectivity: arrays.selectivity ?? null,
    basis: arrays.axes ? {mean: arrays.mean, axes: arrays.axes, explained: arrays.explained} : null,
  };
}

// What the network is called without the reader's lesion.
export function givenName({damage}) {
  return damage ? 'as given' : 'intact';
}

const RATE_CAP = 20;  // of the two activations without a bound of their own

// Firing rates r of currents x, each multiplied by the gain of its unit.
const RATES = {
  sigmoid(x, gain, r) {
    for (let i = 0; i < x.length; i++) r[i] = gain[i] / (1 + Math.exp(-x[i]));
  },
  clipped_relu(x, gain, r) {
    for (let i = 0; i < x.length; i++) r[i] = gain[i] * Math.min(Math.max(x[i], 0), RATE_CAP);
  },
  softplus(x, gain, r) {
    for (let i = 0; i < x.length; i++) {
      const rate = Math.max(x[i], 0) + Math.log1p(Math.exp(-Math.abs(x[i])));
      r[i] = gain[i] * Math.min(rate, RATE_CAP);
    }
  },
};

// Values of a part of the network ('w', 'wIn', 'wOut' or 'gain') times the factors of effects.
export function scaled(values, effects, part) {
  return effects.reduce((done, {[part]: factors}) => {
    return factors ? done.map((value, i) => value * factors[i]) : done;
  }, values);
}

// What the network is from step `start` to the next piece, under the effects that last there.
function pieceAt(network, effects, start) {
  const now = effects.filter(effect => effect.start <= start && start < effect.stop);
  return {
    start,
    value: scaled(network.w.value, now, 'w'),
    wIn: scaled(network.wIn, now, 'wIn'),
    wOut: scaled(network.wOut, now, 'wOut'),
    gain: scaled(network.gain, now, 'gain'),
    drives: now.filter(effect => effect.drive).map(effect => effect.drive),
  };
}

// The pieces of a trial of T steps, in each of which the network stays as it is.
export function pieces(network, effects, T) {
  const moments = new Set([0]);
  for (const {start, stop} of effects) {
    if (start < T) moments.add(start);
    if (stop < T) moments.add(stop);
  }
  return [...moments].sort((a, b) => a - b).map(start => pieceAt(network, effects, start));
}

// What each unit gets from the others: W r, for weights in the order of the connections.
function recurrent({start, pre}, value, r, got) {
  for (let i = 0; i < got.length; i++) {
    const end = start[i + 1];
    let sum = 0;
    for (let c = start[i]; c < end; c++) sum += value[c] * r[pre[c]];
    got[i] = sum;
  }
}

// Add W_in u of step t; u are the inputs of all steps.
function addInput(wIn, u, t, K, got) {
  const T = u.length / K;
  for (let k = 0; k < K; k++) {
    const input = u[k * T + t];
    if (input === 0) continue;
    for (let i = 0; i < got.length; i++) got[i] += wIn[i * K + k] * input;
  }
}

function leak(alpha, got, xi, x) {
  for (let i = 0; i < x.length; i++) x[i] += alpha[i] * (got[i] - x[i]) + xi[i];
}

// Add the currents of stimulation in step t.
function stimulate(drives, t, normals, got) {
  for (const {units, course, start, sd} of drives) {
    for (const i of units) {
      const noise = sd > 0 && normals ? sd * normals.normal() : 0;
      got[i] += course[t - start] + noise;
    }
  }
}

function readOut(network, wOut, r, o, at) {
  const {N, M, bOut} = network;
  const steps = o.length / M;
  for (let m = 0; m < M; m++) {
    let sum = bOut[m];
    for (let j = 0; j < N; j++) sum += wOut[m * N + j] * r[j];
    o[m * steps + at] = sum;
  }
}

function keep(r, all, t) {
  const T = all.length / r.length;
  for (let i = 0; i < r.length; i++) all[i * T + t] = r[i];
}

// Run one trial. u: Float32Array, K x T. effects: see effects.mjs. normals: a Random for the
// noise, null for none. rates: whether to keep them.
// o: Float32Array, M x (T-1); r: Float32Array, N x T, or null.
export function run(network, u, {effects = [], normals = null, rates = false} = {}) {
  const {N, K, M, noise, initNoise} = network;
  const T = u.length / K;
  const alpha = Float64Array.from(network.tau, tau => network.DeltaT / tau);
  const toRates = RATES[network.activation];
  const ahead = pieces(network, effects, T);
  let piece = ahead.shift();
  const x = new Float64Array(N);
  const r = new Float64Array(N);
  const got = new Float64Array(N);  // input and current
  const xi = new Float64Array(N);
  const o = new Float32Array(M * (T - 1));
  const all = rates ? new Float32Array(N * T) : null;
  if (normals) normals.fill(x, initNoise);
  toRates(x, piece.gain, r);
  if (all) keep(r, all, 0);
  for (let t = 1; t < T; t++) {
    recurrent(network.w, piece.value, r, got);
    addInput(piece.wIn, u, t - 1, K, got);
    if (piece.drives.length) stimulate(piece.drives, t - 1, normals, got);
    if (normals) normals.fill(xi, noise);
    leak(alpha, got, xi, x);
    if (ahead.length && ahead[0].start === t) piece = ahead.shift();
    toRates(x, piece.gain, r);
    readOut(network, piece.wOut, r, o, t - 1);
    if (all) keep(r, all, t);
  }
  return {o, r: all};
}
