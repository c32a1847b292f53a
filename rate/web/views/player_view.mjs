// What the player shows: the trial of both networks, and what was done to one of them.

import {effectsOf} from '../work/experiment.mjs';
import {fix} from './fixed.mjs';
import {record, rows, silences, windows} from '../work/recording.mjs';
import {isCorrect, limits} from '../network/score.mjs';

export function makeView(world) {
  const {network, trials} = world;
  const times = Array.from({length: trials.T}, (_, step) => step * network.stepMs);
  return {
    network,
    fixed: fix(world),
    marks: [],  // in the plane of the components: {x, y, label, kind}
    unit: null,  // the one that the reader looks at
    times,
    outputTimes: times.slice(1),
    trial: null,
  };
}

// Show trial b with the noise of a seed. Returns whether it is another one than was shown.
export function showTrial(view, world, b, seed) {
  if (view.trial === b && view.seed === seed) return false;
  const {network, trials} = world;
  view.trial = b;
  view.seed = seed;
  view.u = rows(trials.u[b], network.K);
  view.z = rows(trials.z[b], network.M);
  view.limits = trials.scorable ? view.z.map((_, m) => limits(trials.z[b], trials, m)) : [];
  view.intact = play(world, [], b, seed);
  view.silent = silences(network, [], b, trials.T);
  return true;
}

// Show what a state does in the trial that is shown.
export function showState(view, world, state) {
  const b = view.trial;
  const effects = effectsOf(world, state);
  view.lesioned = play(world, effects, b, view.seed);
  view.windows = windows(effects, b, world.trials.T);
  view.silences = silences(world.network, effects, b, world.trials.T);
}

// A recording with `right`: whether the trial is answered, null where only Python can say it.
function play(world, effects, b, seed) {
  const {trials} = world;
  const recording = record(world, effects, b, seed);
  const right = trials.scorable ? isCorrect(recording.outputs, trials.z[b], trials) : null;
  return {...recording, right};
}
