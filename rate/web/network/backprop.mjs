// One trial of a learner forward, the exact gradient of its loss backward through time, and the
// update by it, with the equations of rate.dynamics. Arrays over time lie step after step: the
// value of unit i in step t is at t * N + i.

import {effectiveWeights, sigmoid, timeConstants} from './learner.mjs';

// What each unit gets in step t from the rates and the input of step t - 1.
function drive(learner, w, u, r, d, t) {
  const {N, K, start, pre, wIn} = learner;
  const T = u.length / K;
  const before = (t - 1) * N;
  for (let i = 0; i < N; i++) {
    let sum = 0;
    const end = start[i + 1];
    for (let c = start[i]; c < end; c++) sum += w[c] * r[before + pre[c]];
    for (let k = 0; k < K; k++) sum += wIn[i * K + k] * u[k * T + t - 1];
    d[t * N + i] = sum;
  }
}

function readOut({N, wOut, bOut}, r, t) {
  let sum = bOut[0];
  for (let i = 0; i < N; i++) sum += wOut[i] * r[t * N + i];
  return sum;
}

// Run one trial. u: K x T inputs; x0: N currents at time 0; noise: T x N, added in each step.
// Returns all that the way back needs: w, alpha, and over time currents x, rates r, what drives
// them d (each T x N), and outputs o (T-1), of which number j belongs to step j + 1.
export function forward(learner, u, x0, noise) {
  const {N, K} = learner;
  const T = u.length / K;
  const w = effectiveWeights(learner);
  const alpha = timeConstants(learner).map(tau => 1 / tau);
  const [x, r, d] = [1, 2, 3].map(() => new Float64Array(T * N));
  const o = new Float64Array(T - 1);
  x.set(x0);
  for (let i = 0; i < N; i++) r[i] = sigmoid(x[i]);
  for (let t = 1; t < T; t++) {
    drive(learner, w, u, r, d, t);
    for (let i = 0; i < N; i++) {
      const at = t * N + i;
      x[at] = (1 - alpha[i]) * x[at - N] + alpha[i] * d[at] + noise[at];
      r[at] = sigmoid(x[at]);
    }
    o[t - 1] = readOut(learner, r, t);
  }
  return {w, alpha, x, r, d, o};
}

// The loss l2 of one trial, the norm of its errors, and its slope in each output.
export function lossOf(o, z) {
  const errors = o.map((value, j) => value - z[j]);
  const loss = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0));
  const slopes = loss === 0 ? errors : errors.map(error => error / loss);
  return {loss, slopes};
}

// Back through the readout of step t: what the loss says of the rates there is added to fromR.
function backThroughReadout(learner, trial, slope, t, fromR, gradient) {
  const {N, wOut} = learner;
  gradient.bOut[0] += slope;
  for (let i = 0; i < N; i++) {
    gradient.wOut[i] += slope * trial.r[t * N + i];
    fromR[i] += slope * wOut[i];
  }
}

// Back through the connections from step t to t - 1: fromX is the slope of the loss in x of
// step t; fromR becomes the part of the slope in the rates of step t - 1 that comes through it.
function backThroughConnections(learner, trial, t, fromX, fromR, gradient) {
  const {N, start, pre} = learner;
  const {w, alpha, r} = trial;
  const before = (t - 1) * N;
  const found = gradient.w;
  fromR.fill(0);
  for (let i = 0; i < N; i++) {
    const arriving = alpha[i] * fromX[i];
    const end = start[i + 1];
    for (let c = start[i]; c < end; c++) {
      found[c] += arriving * r[before + pre[c]];
      fromR[pre[c]] += arriving * w[c];
    }
  }
}

// From the effective weights and alpha to what is trained.
function toParameters(learner, trial, gradient, fromAlpha) {
  const {w, sign, dale, rectifier, taus, tausGaus} = learner;
  const below = rectifier === 'abs' ? -1 : 0;  // the slope of the strength
  for (let c = 0; c < w.length; c++) {
    const slope = !dale || w[c] > 0 ? 1 : below * Math.abs(Math.sign(w[c]));
    gradient.w[c] *= slope * sign[c];
  }
  const [lo, hi = lo] = taus;
  tausGaus.forEach((value, i) => {
    const share = sigmoid(value);
    const fromTau = -fromAlpha[i] * trial.alpha[i] ** 2;  // alpha = 1 / tau
    gradient.tausGaus[i] = fromTau * (hi - lo) * share * (1 - share);
  });
}

// The gradient of the loss of a trial that `forward` ran, in w, wOut, bOut and tausGaus.
// slopes: of the loss in each output.
export function backward(learner, trial, slopes) {
  const {N, w} = learner;
  const {alpha, x, r, d} = trial;
  const gradient = {w: new Float64Array(w.length)};
  for (const name of ['wOut', 'bOut', 'tausGaus']) {
    gradient[name] = new Float64Array(learner[name].length);
  }
  const [fromX, fromR, fromAlpha] = [1, 2, 3].map(() => new Float64Array(N));
  for (let t = slopes.length; t > 0; t--) {
    backThroughReadout(learner, trial, slopes[t - 1], t, fromR, gradient);
    for (let i = 0; i < N; i++) {
      const at = t * N + i;
      const later = (1 - alpha[i]) * fromX[i];  // through the leak of step t + 1
      fromX[i] = later + fromR[i] * r[at] * (1 - r[at]);
      fromAlpha[i] += fromX[i] * (d[at] - x[at - N]);
    }
    backThroughConnections(learner, trial, t, fromX, fromR, gradient);
  }
  toParameters(learner, trial, gradient, fromAlpha);
  return gradient;
}

// Scale a gradient in place so that the norm of all its parts together is `most` at the most, as
// torch.nn.utils.clip_grad_norm_ does.
export function clip(gradient, most) {
  const parts = Object.values(gradient);
  const square = values => values.reduce((sum, value) => sum + value * value, 0);
  const norm = Math.sqrt(parts.reduce((sum, values) => sum + square(values), 0));
  const scale = Math.min(1, most / (norm + 1e-6));
  if (scale === 1) return;
  for (const values of parts) for (let i = 0; i < values.length; i++) values[i] *= scale;
}

// The optimiser Adam (Kingma & Ba, ICLR 2015), as torch.optim.Adam.
const BETA1 = .9;
const BETA2 = .999;
const EPS = 1e-8;

export class Adam {
  // values: {name: Float64Array}; each step changes them in place.
  constructor(values, rate = .01) {
    this.values = values;
    this.rate = rate;
    this.steps = 0;
    const zeros = () => Object.fromEntries(
      Object.entries(values).map(([name, array]) => [name, new Float64Array(array.length)]));
    this.means = zeros();  // of the gradients
    this.squares = zeros();  // means of their squares
  }

  step(gradient) {
    this.steps += 1;
    for (const name of Object.keys(this.values)) this.update(name, gradient[name]);
  }

  update(name, slopes) {
    const [values, means, squares] = [this.values[name], this.means[name], this.squares[name]];
    const rate = this.rate / (1 - BETA1 ** this.steps);
    const correction = Math.sqrt(1 - BETA2 ** this.steps);
    for (let i = 0; i < values.length; i++) {
      means[i] = BETA1 * means[i] + (1 - BETA1) * slopes[i];
      squares[i] = BETA2 * squares[i] + (1 - BETA2) * slopes[i] ** 2;
      values[i] -= rate * means[i] / (Math.sqrt(squares[i]) / correction + EPS);
    }
  }
}
