// Trials that run in the page itself: one as it is played, with outputs, rates, and their path in
// the plane of the components; and one of each group.

import {effectsOn} from '../network/effects.mjs';
import {groupsOfType} from '../network/trials.mjs';
import {effectsOf, runTrial} from './experiment.mjs';

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

// The times in which units are silent in trial b of T steps: {unit, start, stop} in steps.
export function silences(network, effects, b, T) {
  const found = [];
  const add = (gain, start, stop) => gain.forEach((factor, unit) => {
    if (factor === 0) found.push({unit, start, stop});
  });
  add(network.gain, 0, T);
  for (const {gain, start, stop} of effectsOn(b, effects)) {
    if (gain && start < T) add(gain, start, Math.min(stop, T));
  }
  return found;
}

// The times of effects that last a part of trial b of T steps: {from, to} in steps.
export function windows(effects, b, T) {
  const part = effectsOn(b, effects)
    .filter(({start, stop}) => start < T && (start > 0 || stop < T));
  return part.map(({start, stop}) => ({from: start, to: Math.min(stop, T - 1)}));
}

// The outputs of one trial of each group, as many for a frame as there is time for.
export class Probes {
  constructor(world) {
    this.world = world;
    this.outputs = new Map();  // group -> Float32Array, M x (T-1)
    this.waiting = [];
    this.lastGroup = -1;
  }

  // Begin with a state anew. What is known of the one before stays until it is replaced, so the
  // groups take turns in being the first.
  begin(state) {
    const groups = groupsOfType(this.world.trials, state.trial_type);
    for (const g of this.outputs.keys()) if (!groups.includes(g)) this.outputs.delete(g);
    const later = groups.filter(g => g > this.lastGroup);
    this.waiting = [...later, ...groups.filter(g => g <= this.lastGroup)];
    this.state = state;
    this.effects = effectsOf(this.world, state);
  }

  // Run trials for some ms, one at least where one waits. Returns whether none is left.
  advance(ms, clock = () => performance.now()) {
    const end = clock() + ms;
    while (this.waiting.length) {
      this.runOne(this.waiting.shift());
      if (clock() >= end) break;
    }
    return this.waiting.length === 0;
  }

  runOne(group) {
    const [b] = this.world.trials.groups[group].trials;
    this.outputs.set(group, runTrial(this.world, this.effects, b, this.state.seed).o);
    this.lastGroup = group;
  }
}
