// Many trials at once: how well a network does in a state. A world is what they need:
// {network, trials, given: effects of Python's interventions}; it can be sent to a worker.

import {hash} from '../network/choose.mjs';
import {effectsOn, lesionEffect} from '../network/effects.mjs';
import {run} from '../network/network.mjs';
import {Random} from '../network/random.mjs';
import {isCorrect, loss} from '../network/score.mjs';
import {isIdle} from './state.mjs';
import {resized, withOffset} from '../network/trials.mjs';

const known = new WeakMap();  // state -> {world, effects}: all views ask for the same

// All that is done to the network in a state, which is never changed afterwards.
export function effectsOf(world, state) {
  const kept = known.get(state);
  if (kept?.world === world) return kept.effects;
  const effects = makeEffects(world, state);
  known.set(state, {world, effects});
  return effects;
}

function makeEffects(world, state) {
  if (isIdle(state)) return world.given;
  return [lesionEffect(world.network, state), ...world.given];
}

// The noise of trial b; the same for every state, so that states differ by what is done alone.
export function noiseOf(seed, b) {
  return new Random(hash(seed, b));
}

// One trial in a state: {o, r}. options: {rates, offset: another mean of the streams}.
export function runTrial(world, effects, b, seed, {rates = false, offset = null} = {}) {
  const {network, trials} = world;
  const u = offset === null ? trials.u[b] : withOffset(trials, b, offset);
  return run(network, u, {effects: effectsOn(b, effects), normals: noiseOf(seed, b), rates});
}

// A job: {state, indices of trials, seed of the noise, offset or null, keep: whether to return the
// outputs}. correct: Uint8Array, one for each; null where the kernel must score. losses: one each.
export function perform(world, job) {
  const {network, trials} = world;
  const {state, indices, seed, offset = null, keep = false} = job;
  const effects = effectsOf(world, state);
  const size = network.M * (trials.T - 1);
  const outputs = keep || !trials.scorable ? new Float32Array(indices.length * size) : null;
  const correct = trials.scorable ? new Uint8Array(indices.length) : null;
  const losses = new Float64Array(indices.length);
  indices.forEach((b, k) => {
    const {o} = runTrial(world, effects, b, seed, {offset});
    if (outputs) outputs.set(resized(o, network.M, trials.T - 1), k * size);
    if (correct) correct[k] = Number(isCorrect(o, trials.z[b], trials.rules[b]));
    losses[k] = loss(o, trials.z[b], trials.mask?.[b]);
  });
  return {indices, correct, losses, outputs};
}

// Takes a world, then jobs by number, and posts what they found.
export class Performer {
  constructor(post) {
    this.post = post;
  }

  receive({world, id, job}) {
    if (world) this.world = world;
    else this.post({id, result: perform(this.world, job)});
  }
}
