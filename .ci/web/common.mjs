// What the tests beside this file share: a network of three units, two trials, states.
import assert from 'node:assert/strict';

import {makeNetwork} from '../../rate/web/network/network.mjs';
import {makeTrials} from '../../rate/web/network/trials.mjs';
import {intactState} from '../../rate/web/work/state.mjs';

export const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);
export const tiny = (changed = {}) => makeNetwork({
  facts: {N: 3, K: 1, M: 1, activation: 'sigmoid', noise: .1, init_noise: .01, DeltaT: 1, step_ms: 5, ...changed},
  arrays: {
    w_start: Int32Array.of(0, 2, 4, 6), w_pre: Uint16Array.of(1, 2, 0, 2, 0, 1),
    w_value: Float32Array.of(.5, -.3, .2, -.4, .6, .7), w_in: Float32Array.of(1, 0, -1),
    w_out: Float32Array.of(.3, .4, -.5), b_out: Float32Array.of(.1), tau: Float32Array.of(2, 4, 5),
    gain: Float32Array.of(1, 1, 1), inh: Uint8Array.of(0, 0, 1), som: Uint8Array.of(0, 0, 0),
  },
});

export const steady = {site: 'all', units: '', fraction: 1, scale: 0, start: 0, stop: 6, lesion_seed: 0};
// Two trials of four outputs; the last two are scored. One must rise to 1, the other stay quiet.
export const world = (changed = {}, arrays = {}) => ({
  network: tiny(),
  given: [],
  trials: makeTrials({
    facts: {B: 2, K: 1, M: 1, T: 5, groups: ['go', 'nogo'],
      type_of_group: ['go', 'nogo'], answer: .7, silence: .3, scorable: true,
      chance: .5, channels: ['cue'], outputs: ['output'], task: 'example', offset: .5, ...changed},
    arrays: {u: Float32Array.of(0, 1, 1, 0, 0, 0, 0, 0, 0, 0), z: Float32Array.of(0, 0, 1, 1, 0, 0, 0, 0),
      window: Uint8Array.of(0, 0, 1, 1, 0, 0, 1, 1), group: Int32Array.of(0, 1), silent: Uint8Array.of(0, 1), direction: Float32Array.of(0, 1, -1, 0, 0, 0, 0, 0, 0, 0), ...arrays},
  }),
});

export const anywhere = {...steady, fraction: .3, stop: 5, seed: 7, trial_type: ''};
export const typed = {types: ['go', 'nogo']};
export const cutting = {...intactState(5), site: 'I-E', fraction: .4, lesion_seed: 3};
