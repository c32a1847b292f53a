// What the player shows: the trial of both networks, and what was done to one of them.

import {effectsOf} from '../work/experiment.mjs';
import {resized} from '../network/trials.mjs';
import {placesOf} from '../network/units.mjs';
import {range} from './panel.mjs';
import {record, rows, silences, windows} from '../work/recording.mjs';
import {isCorrect, limits} from '../network/score.mjs';

const GROUPS = 12;  // of trials that fix the axes
const SEED = 0;  // of their noise
const ROOM = .3;  // beyond what the intact network does, as a share of its span: for the lesioned

export function makeView(world) {
  const {network, trials} = world;
  const times = Array.from({length: trials.T}, (_, step) => step * network.stepMs);
  return {
    network,
    fixed: fix(world),
    unit: null,  // the one that the reader looks at
    times,
    outputTimes: times.slice(1),
    trial: null,
    T: trials.T,  // steps of the trial
  };
}

// Show trial b with the noise of a seed. Returns whether it is another one than was shown.
export function showTrial(view, world, b, seed) {
  if (view.trial === b && view.seed === seed) return false;
  const {network, trials} = world;
  view.trial = b;
  view.T = trials.lengths[b];
  view.seed = seed;
  view.u = rows(trials.u[b], network.K);
  view.z = rows(trials.z[b], network.M);
  const rule = trials.rules[b];
  const all = trials.scorable ? view.z.map((_, m) => limits(trials.z[b], rule, m)) : [];
  view.limits = all.filter(limit => limit !== null);
  view.intact = play(world, [], b, seed);
  view.silent = silences(network, [], b, view.T);
  return true;
}

// Show what a state does in the trial that is shown.
export function showState(view, world, state) {
  const b = view.trial;
  const effects = effectsOf(world, state);
  view.lesioned = play(world, effects, b, view.seed);
  view.windows = windows(effects, b, view.T);
  view.silences = silences(world.network, effects, b, view.T);
}

// A recording with `right`: whether the trial is answered, null where only Python can say it.
function play(world, effects, b, seed) {
  const {trials} = world;
  const recording = record(world, effects, b, seed);
  const {outputs} = recording;
  const right = trials.scorable ? isCorrect(outputs, trials.z[b], trials.rules[b]) : null;
  return {...recording, right};
}

// A step in words: '450 ms, output 0.97'. Step 0 has no output yet. names: of the outputs.
export function describe(o, step, stepMs, names) {
  const time = `${step * stepMs} ms`;
  if (step === 0) return time;
  const values = o.map((row, m) => `${names[m]} ${row[step - 1].toFixed(2)}`);
  return `${time}, ${values.join(', ')}`;
}

// What the network as given fixes while a lesion changes, from one trial of each group: the order
// of the units and all axes.
export function fix(world) {
  const {network, trials} = world;
  const chosen = trials.groups.slice(0, GROUPS).map(group => group.trials[0]);
  const intact = chosen.map(b => record(world, [], b, SEED));
  const order = orderOfUnits(network, intact.map(({r}) => r));
  const inputs = chosen.flatMap(b => rows(trials.u[b], network.K));
  const targets = chosen.flatMap(b => rows(trials.z[b], network.M));
  return {
    order,
    places: placesOf(order),
    NE: order.filter(unit => !network.inh[unit]).length,
    rMax: highest(intact.map(({r}) => r)) || 1,
    u: range(inputs),
    o: range([...intact.flatMap(({o}) => o), ...targets, [0]], ROOM),
    path: network.basis && {
      x: range(intact.map(({path}) => path.x), ROOM),
      y: range(intact.map(({path}) => path.y), ROOM),
    },
  };
}

// Units from top to bottom: excitatory, then inhibitory, each by the time of the peak of the sum of
// some rates (N x T).
export function orderOfUnits(network, runs) {
  const peaks = peaksOf(runs, network.N);
  const before = (a, b) => network.inh[a] - network.inh[b] || peaks[a] - peaks[b] || a - b;
  return Array.from(peaks.keys()).sort(before);
}

// The step at which each unit's rate, summed over runs, is highest.
function peaksOf(runs, N) {
  const steps = Math.max(...runs.map(r => r.length)) / N;
  const all = runs.map(r => resized(r, N, steps));
  const sum = all[0].map((_, at) => all.reduce((total, r) => total + r[at], 0));
  return rows(sum, N).map(row => row.indexOf(highest([row])));
}

function highest(arrays) {
  return Math.max(...arrays.map(values => values.reduce((a, b) => Math.max(a, b))));
}
