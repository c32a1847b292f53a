// What the network as given fixes while a lesion changes: the order of the units and all axes.

import {range} from './axes.mjs';
import {record, rows} from '../work/recording.mjs';

const GROUPS = 12;  // of trials that are looked at
const SEED = 0;  // of the noise
const ROOM = .3;  // beyond what the intact network does, as a share of its span: for the lesioned

// From one trial of each group.
export function fix(world) {
  const {network, trials} = world;
  const chosen = trials.groups.slice(0, GROUPS).map(group => group.trials[0]);
  const intact = chosen.map(b => record(world, [], b, SEED));
  const order = orderOfUnits(network, intact.map(({r}) => r));
  const inputs = chosen.flatMap(b => rows(trials.u[b], network.K));
  const targets = chosen.flatMap(b => rows(trials.z[b], network.M));
  return {
    order,
    place: inverse(order),
    NE: order.filter(unit => !network.inh[unit]).length,
    rMax: highest(intact.map(({r}) => r)) || 1,
    u: range(inputs),
    o: range([...intact.flatMap(({o}) => o), ...targets, [0]], ROOM),
    path: network.basis && planeRange(intact.map(({path}) => path)),
  };
}

// The limits that hold some paths.
function planeRange(paths) {
  return {x: range(paths.map(({x}) => x), ROOM), y: range(paths.map(({y}) => y), ROOM)};
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
  const sum = runs[0].map((_, at) => runs.reduce((total, r) => total + r[at], 0));
  return rows(sum, N).map(row => row.indexOf(highest([row])));
}

function highest(arrays) {
  return Math.max(...arrays.map(values => values.reduce((a, b) => Math.max(a, b))));
}

// Where each unit stands in an order.
function inverse(order) {
  const place = new Int32Array(order.length);
  order.forEach((unit, row) => {
    place[unit] = row;
  });
  return place;
}
