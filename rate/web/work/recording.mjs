// A trial as it is played: outputs, rates, and their path in the plane of the components.

import {effectsOn} from '../network/effects.mjs';
import {runTrial} from './experiment.mjs';

// What the network of a world does in trial b: outputs (M x (T-1)), the same as rows o, rates r
// (N x T) and their path, null where the network came without components. The same seed is the
// same noise.
export function record(world, effects, b, seed) {
  const {network} = world;
  const {o, r} = runTrial(world, effects, b, seed, {rates: true});
  const path = network.basis && project(network.basis, r);
  return {outputs: o, o: rows(o, network.M), r, path};
}

// The rows of a matrix that is held in one array.
export function rows(values, count) {
  const length = values.length / count;
  return Array.from({length: count}, (_, k) => values.subarray(k * length, (k + 1) * length));
}

// The path of rates r (N x T) along the two axes of a basis: its coordinates at each step.
export function project(basis, r) {
  const N = basis.mean.length;
  const T = r.length / N;
  const path = {x: new Float32Array(T), y: new Float32Array(T)};
  for (let i = 0; i < N; i++) {
    for (let t = 0; t < T; t++) {
      const away = r[i * T + t] - basis.mean[i];
      path.x[t] += basis.axes[i] * away;
      path.y[t] += basis.axes[N + i] * away;
    }
  }
  return path;
}

// The times in which units are silent: {unit, start, stop} in steps.
export function silences(network, effects, b, T) {
  const found = [];
  const add = (gain, start, stop) => gain.forEach((factor, unit) => {
    if (factor === 0) found.push({unit, start, stop});
  });
  add(network.gain, 0, T);
  for (const {gain, start, stop} of effectsOn(b, effects)) {
    if (gain) add(gain, start, Math.min(stop, T));
  }
  return found;
}

// The times of effects that last a part of trial b: {from, to} in steps.
export function windows(effects, b, T) {
  const part = effectsOn(b, effects).filter(({start, stop}) => start > 0 || stop < T);
  return part.map(({start, stop}) => ({from: start, to: Math.min(stop, T - 1)}));
}
