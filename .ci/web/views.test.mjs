// rate/web/views/
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {backward, forward, lossOf} from '../../rate/web/network/backprop.mjs';
import {hash} from '../../rate/web/network/choose.mjs';
import {lesionEffect} from '../../rate/web/network/effects.mjs';
import {drawLearner} from '../../rate/web/network/learner.mjs';
import {run} from '../../rate/web/network/network.mjs';
import {Random} from '../../rate/web/network/random.mjs';
import {placesByType} from '../../rate/web/network/units.mjs';
import {range, ticks, Panel} from '../../rate/web/views/panel.mjs';
import {color, gradient, pixels, matrixPixels, pixel, toRGB} from '../../rate/web/views/pixels.mjs';
import {fix, orderOfUnits, makeView, showState, showTrial} from '../../rate/web/views/player_view.mjs';
import {inputDashes, outputDashes, lightWindows, markWindows} from '../../rate/web/views/player_panels.mjs';
import {factorsOf, pairingAt} from '../../rate/web/views/matrix_view.mjs';
import {asLines} from '../../rate/web/views/outputs_view.mjs';
import {isDark} from '../../rate/web/views/theme.mjs';
import {anchorOf, windowOf} from '../../rate/web/views/window_drag.mjs';
import {near, steady, tiny, world} from './common.mjs';

test('a range holds all values and a margin', () => {
  assert.deepEqual(range([[0, 1], [0.5]]), [-.08, 1.08]);
  assert.deepEqual(range([[2, 2, 2]]), [2 - .08, 2 + .08]);
  const [lowest, highest] = range([[-3], [7]]);
  near(lowest, -3.8);
  near(highest, 7.8);
});

test('ticks are round, evenly apart, inside the limits, and about as many as asked for', () => {
  assert.deepEqual(ticks(0, 995, 5), [0, 200, 400, 600, 800]);
  assert.deepEqual(ticks(-.08, 1.08, 3), [0, .5, 1]);
  assert.deepEqual(ticks(0, .3, 3), [0, .1, .2, .3]);
  for (const [lowest, highest] of [[0, 1], [-.3, .07], [1e-6, 3e-6], [-2000, 5000], [.9999, 1.0001]]) {
    for (const count of [2, 3, 5, 8]) {
      const all = ticks(lowest, highest, count);
      assert.ok(all.length >= 1 && all.length <= count + 1, `${lowest} ${highest} ${count}: ${all}`);
      for (const value of all) assert.ok(value >= lowest - 1e-9 && value <= highest + 1e-9);
      for (let i = 2; i < all.length; i++) {
        assert.ok(Math.abs(all[i] - 2 * all[i - 1] + all[i - 2]) < 1e-3 * (all[1] - all[0]));
      }
    }
  }
});

test('bands and bars lie where their times are', () => {
  const panel = Object.assign(Object.create(Panel.prototype), {
    inside: {left: 40, top: 8, width: 200, height: 100},
    x: [0, 1000],
    pen: {fillRect: (...box) => boxes.push(box)},
  });
  const boxes = [];
  panel.band(250, 375);
  panel.bar(250, 375);
  assert.deepEqual(boxes, [[90, 8, 25, 100], [90, 2, 25, 4]]);
});

test('lines: the first is solid, neighbours differ, dashes grow with the width', () => {
  assert.deepEqual([outputDashes(0, 6), inputDashes(0)], [[], []]);
  const patterns = [0, 1, 2, 3].map(m => String(outputDashes(m, 1)));
  assert.equal(new Set(patterns).size, 4);
  assert.deepEqual(outputDashes(1, 6), outputDashes(1, 1).map(part => 6 * part));
  assert.deepEqual(outputDashes(4, 1), []);
  assert.notDeepEqual(inputDashes(1), inputDashes(5));  // the same colour
});

test('colours: viridis at its ends and middle, lighter all the way', () => {
  assert.deepEqual([color(0), color(.5), color(1)], [[68, 1, 84], [33, 145, 140], [253, 231, 37]]);
  const lightness = Array.from({length: 101}, (_, i) => color(i / 100)).map(([r, g, b]) => .2126 * r + .7152 * g + .0722 * b);
  for (let i = 1; i < lightness.length; i++) assert.ok(lightness[i] > lightness[i - 1]);
  const rates = Float32Array.of(0, 2, 1.0039, 2, 9, -1);  // three units, two steps
  assert.deepEqual([...pixels(rates, 2, [1, 0], 2)],
    [33, 145, 140, 255, 253, 231, 37, 255, 68, 1, 84, 255, 253, 231, 37, 255]);
  assert.deepEqual([...pixels(rates, 2, [2], 2)], [253, 231, 37, 255, 68, 1, 84, 255]);  // beyond both ends
  assert.match(gradient(), /^linear-gradient\(90deg, rgb\(68,1,84\),.*rgb\(253,231,37\)\)$/);
});

test('themes: dark and light grounds, and one that is see-through', () => {
  assert.equal(isDark('rgb(17, 17, 17)'), true);
  assert.equal(isDark('rgb(255, 255, 255)'), false);
  assert.equal(isDark('rgba(0, 0, 0, 0)'), null);
  assert.equal(isDark('rgba(0, 0, 0, 0.9)'), true);
});

test('units stand by type and time of their peak, ties by number', () => {
  const network = {N: 4, inh: [1, 0, 0, 1]};
  const first = Float32Array.of(0, 1, 0, 0, 0, 2, 3, 0, 0, 1, 0, 0);
  const second = Float32Array.of(0, 1, 0, 0, 9, 2, 0, 0, 0, 9, 0, 0);
  assert.deepEqual(orderOfUnits(network, [first]), [2, 1, 3, 0]);
  assert.deepEqual(orderOfUnits(network, [first, second]), [2, 1, 3, 0]);
  assert.deepEqual(orderOfUnits(network, [Float32Array.of(0, 5, 5, 0, 5, 0, 0, 5)]), [1, 2, 0, 3]);
});

test('what is fixed holds the intact trials, and stays while a lesion changes', () => {
  const fixed = fix(world());
  assert.deepEqual([fixed.order.length, fixed.NE, fixed.path], [3, 2, null]);
  assert.deepEqual(fixed.order.map(unit => fixed.places[unit]), [0, 1, 2]);
  assert.ok(fixed.order.indexOf(2) === 2);  // the inhibitory one is last
  assert.deepEqual(fixed.u, [-.08, 1.08]);
  assert.ok(fixed.o[0] < 0 && fixed.o[1] > 1 && fixed.rMax > .4 && fixed.rMax < 1);
  const view = makeView(world());
  const before = structuredClone(view.fixed);
  showTrial(view, world(), 0, 0);
  showState(view, world(), {...steady, stop: 5, scale: 2});
  assert.deepEqual(view.fixed, before);
});

test('the player shows both networks with the same noise', () => {
  const view = makeView(world());
  assert.equal(showTrial(view, world(), 0, 3), true);
  assert.equal(showTrial(view, world(), 0, 3), false);  // the intact network need not run again
  const idle = {...steady, fraction: 0, stop: 5};
  showState(view, world(), idle);
  assert.deepEqual(view.lesioned, view.intact);
  const {o} = run(tiny(), world().trials.u[0], {normals: new Random(hash(3, 0))});
  assert.deepEqual(view.intact.o, [o]);
  assert.deepEqual(view.limits, [{from: 2, to: 4, reach: .7}]);
  showState(view, world(), {...steady, stop: 5, site: 'units', units: '0'});
  assert.deepEqual(view.silences, [{unit: 0, start: 0, stop: 5}]);
  assert.deepEqual([...view.lesioned.r.subarray(0, 5)], [0, 0, 0, 0, 0]);
  assert.ok(view.intact.r[0] > 0);
  assert.equal(showTrial(view, world(), 0, 4), true);
  assert.notDeepEqual(view.intact.o, [o]);
});

test('the player leaves the score of a rule of its own to Python', () => {
  const own = world({scorable: false});
  const view = makeView(own);
  showTrial(view, own, 1, 0);
  assert.deepEqual([view.intact.right, view.limits], [null, []]);
});

test('windows are bands behind lines and bars above pictures', () => {
  const drawn = [];
  const panel = {
    colors: {light: 'yellow', soft: 'grey'},
    style: color => drawn.push(color),
    band: (from, to) => drawn.push(['band', from, to]),
    bar: (from, to) => drawn.push(['bar', from, to]),
  };
  const view = {times: [0, 5, 10, 15, 20], windows: [{from: 3, to: 4}, {from: 0, to: 2}]};
  lightWindows(panel, view);
  markWindows(panel, view);
  assert.deepEqual(drawn, ['yellow', ['band', 15, 20], ['band', 0, 10],
                           'grey', ['bar', 15, 20], ['bar', 0, 10]]);
});

test('a row is where the pointer is, at the edges too', () => {
  const panel = Object.assign(Object.create(Panel.prototype), {inside: {top: 8, height: 100}, y: [0, 10]});
  assert.deepEqual([8, 17.9, 18, 107, 0, 500].map(y => panel.rowAt(y)), [0, 0, 1, 9, 0, 9]);
});

test('a dot that would lie outside is an open one at the edge', () => {
  const drawn = [];
  const pen = {beginPath() {}, arc: (x, y) => drawn.push([x, y]), fill: () => drawn.push('full'), stroke: () => drawn.push('open')};
  const panel = Object.assign(Object.create(Panel.prototype), {inside: {left: 0, top: 0, width: 10, height: 10}, x: [0, 1], y: [0, 1], pen});
  panel.dotWithin(.5, .5, 4);
  panel.dotWithin(.5, 3, 4);
  assert.deepEqual(drawn, [[5, 5], 'full', [5, 0], 'open']);
});

// Training in the page. A short trial of a small network, in double precision.
const TRAINED = ['w', 'wOut', 'bOut', 'tausGaus'];

function shortTrial(learner, sd, seed = 5) {
  const steps = 40;
  const random = new Random(seed);
  const x0 = new Float64Array(learner.N);
  const noise = new Float64Array(learner.N * steps);
  random.fill(x0, .01);
  random.fill(noise, sd);
  const u = Float64Array.from({length: steps}, (_, t) => Number(t >= 5 && t < 12));
  const z = new Float64Array(steps - 1).fill(1, 12);
  return {u, x0, noise, z};
}

function gradientOf(learner, {u, x0, noise, z}) {
  const course = forward(learner, u, x0, noise);
  return backward(learner, course, lossOf(course.o, z).slopes);
}

test('a trial without error has the gradient 0, and a loss is the norm of the errors', () => {
  const learner = drawLearner({N: 8, seed: 1});
  const trial = shortTrial(learner, .1);
  const {o} = forward(learner, trial.u, trial.x0, trial.noise);
  const gradient = gradientOf(learner, {...trial, z: o});
  for (const name of TRAINED) assert.ok(gradient[name].every(value => value === 0));
  assert.equal(lossOf(Float64Array.of(3, 0), Float64Array.of(0, 4)).loss, 5);
});

test('the matrix: excitatory units first, columns send, what is cut has the factor 0', () => {
  const network = tiny();
  network.inh = Uint8Array.of(0, 1, 0);
  assert.deepEqual(placesByType(network.inh), {order: [0, 2, 1], places: Int32Array.of(0, 2, 1), NE: 2});
  assert.deepEqual(placesByType(Uint8Array.of(1, 0, 1, 0)).places, Int32Array.of(2, 0, 3, 1));
  assert.deepEqual([[0, 0], [0, 2], [2, 1], [2, 2]].map(([column, row]) => pairingAt(column, row, 2)), ['E-E', 'E-I', 'I-E', 'I-I']);
  const effects = [lesionEffect(network, {...steady, site: 'units', units: '2'}), lesionEffect(tiny(), {...steady, site: 'all', scale: .5})];
  assert.deepEqual(factorsOf(network, effects), Float64Array.of(.5, 0, .5, 0, .5, .5));
});

test('units that are silent as given are so in both pictures of the player', () => {
  const at = world();
  const silent = {...at, network: {...tiny(), gain: Float64Array.of(1, 0, 1)}};
  const view = makeView(silent);
  showTrial(view, silent, 0, 0);
  showState(view, silent, {...steady, stop: 5, site: 'units', units: '0'});
  assert.deepEqual(view.silent, [{unit: 1, start: 0, stop: 5}]);
  assert.deepEqual(view.silences, [{unit: 1, start: 0, stop: 5}, {unit: 0, start: 0, stop: 5}]);
});

test('a window is drawn by a drag, either way, or taken by one of its ends', () => {
  assert.deepEqual(windowOf(10.2, 30.4, 200), {start: 10, stop: 30});
  assert.deepEqual(windowOf(30.4, 10.2, 200), {start: 10, stop: 30});
  assert.deepEqual(windowOf(-5, 500, 200), {start: 0, stop: 200});
  assert.deepEqual(windowOf(7, 7.1, 200), {start: 7, stop: 8});
  assert.deepEqual(windowOf(250, 260, 200), {start: 199, stop: 200});
  const window = {start: 50, stop: 100};
  assert.deepEqual([anchorOf(48, window, 200, 3), anchorOf(103, window, 200, 3)], [100, 50]);
  assert.deepEqual([anchorOf(70, window, 200, 3), anchorOf(1, {start: 0, stop: 200}, 200, 3)], [70, 1]);
});

test('limits of a correct trial as lines with a side', () => {
  assert.deepEqual(asLines({from: 2, to: 4, reach: -.7}, 5), [{from: 15, to: 20, value: -.7, side: -1}]);
  assert.deepEqual(asLines({from: 2, to: 4, low: -.3, high: .3}, 5).map(({value, side}) => [value, side]), [[-.3, 1], [.3, -1]]);
});

test('a matrix as pixels: each entry is seen, later ones lie above', () => {
  assert.deepEqual([toRGB('#0072b2'), toRGB('#fff')], [[0, 114, 178], [255, 255, 255]]);
  assert.equal(pixel([1, 2, 3], 1), 0xff030201);
  const entries = {columns: [0, 1, 1], rows: [0, 1, 1], colors: [5, 6, 7]};
  assert.deepEqual([...matrixPixels({width: 4, height: 2, N: 2, ...entries})], [5, 5, 0, 0, 0, 0, 7, 7]);
  assert.deepEqual([...matrixPixels({width: 1, height: 1, N: 2, columns: [1], rows: [1], colors: [9]})], [9]);
});
