// The modules of rate/web/ that need no browser: node --test .ci/web.test.mjs
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync, readdirSync} from 'node:fs';
import {test} from 'node:test';

import {Adam} from '../rate/web/network/adam.mjs';
import {App} from '../rate/web/pages/app.mjs';
import {range, ticks} from '../rate/web/views/axes.mjs';
import {backward, forward, lossOf} from '../rate/web/network/backprop.mjs';
import {unpack} from '../rate/web/network/buffers.mjs';
import {choose, countOf, hash} from '../rate/web/network/choose.mjs';
import {hitWords} from '../rate/web/views/controls.mjs';
import {color, gradient, pixels} from '../rate/web/views/colormap.mjs';
import {countHits, counts, factors, hits, lesionEffect} from '../rate/web/network/effects.mjs';
import {accuracy, perform} from '../rate/web/work/experiment.mjs';
import {doseJobs, N_FIRST, sameCurve, silentAccuracy, summarise} from '../rate/web/work/doses.mjs';
import {factorsOf, pairingAt} from '../rate/web/views/matrix_view.mjs';
import {offsetJobs} from '../rate/web/views/psychometric_view.mjs';
import {comparedAt, leastSpared, spareJobs} from '../rate/web/views/spare_view.mjs';
import {keyAction} from '../rate/web/pages/keys.mjs';
import {fix, orderOfUnits} from '../rate/web/views/fixed.mjs';
import {drawLearner, effectiveWeights, timeConstants} from '../rate/web/network/learner.mjs';
import {inputDashes, outputDashes} from '../rate/web/views/lines.mjs';
import {Jobs} from '../rate/web/work/jobs.mjs';
import {Kernel} from '../rate/web/work/kernel.mjs';
import {matrixPixels, pixel, toRGB} from '../rate/web/views/matrix_pixels.mjs';
import {givenName, makeNetwork, run} from '../rate/web/network/network.mjs';
import {asLines} from '../rate/web/views/outputs_view.mjs';
import {Panel} from '../rate/web/views/panel.mjs';
import {Playback} from '../rate/web/pages/playback.mjs';
import {lightWindows, markWindows} from '../rate/web/views/player_panels.mjs';
import {makeView, showState, showTrial} from '../rate/web/views/player_view.mjs';
import {Probes, groupsOfType} from '../rate/web/work/probes.mjs';
import {Random} from '../rate/web/network/random.mjs';
import {describe, project, rows, silences, unitWords, windows} from '../rate/web/work/recording.mjs';
import {isCorrect, limits} from '../rate/web/network/score.mjs';
import {Scorer, Tally, parts} from '../rate/web/work/scorer.mjs';
import {Shim, hasAddress} from '../rate/web/pages/shim.mjs';
import {toggleUnit, unitsSilenced} from '../rate/web/network/silencing.mjs';
import {History, asCode, check, fromText, inWords, intactState, readAddress, siteGroups, toText, writeAddress} from '../rate/web/pages/state.mjs';
import {isDark} from '../rate/web/views/theme.mjs';
import {trainedData} from '../rate/web/work/trained.mjs';
import {placesByType} from '../rate/web/network/types.mjs';
import {PULSE_START, PULSE_STOP, T, Training, WINDOW, makeTrial} from '../rate/web/work/training.mjs';
import {TrainingSession} from '../rate/web/work/training_session.mjs';
import {makeTrials, withOffset} from '../rate/web/network/trials.mjs';
import {parseUnits, unitsText} from '../rate/web/network/units.mjs';
import {besides, levels, poorAs} from '../rate/web/work/verdict.mjs';
import {inWords as verdictsInWords} from '../rate/web/views/verdicts.mjs';
import {anchorOf, windowOf} from '../rate/web/views/window_drag.mjs';

const WEB = new URL('../rate/web/', import.meta.url);
const read = name => readFileSync(new URL(name, WEB), 'utf8');
const names = readdirSync(WEB, {recursive: true}).filter(name => /\.\w+$/.test(name));
const modules = names.filter(name => name.endsWith('.mjs'));
const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

test('every module is valid, and its imports exist', () => {
  for (const name of modules) {
    execFileSync(process.execPath, ['--check', new URL(name, WEB).pathname]);
    for (const [, names, from] of read(name).matchAll(/^import \{([^}]+)\} from '([^']+)';$/gm)) {
      for (const wanted of names.split(',').map(each => each.trim())) {
        assert.match(readFileSync(new URL(from, new URL(name, WEB)), 'utf8'), new RegExp(`^export (async function|function|class|const) ${wanted}\\b`, 'm'), `${name}: ${wanted}`);
      }
    }
  }
});

test('imports and exports have the forms that rate.widgets joins', () => {
  for (const name of modules) {
    for (const found of read(name).matchAll(/^\s*import\b[^;]*;/gm)) {
      assert.match(found[0].trim(), /^import \{[^}]+\} from '\.\.?\/[\w/]+\.mjs';$/, `${name}: ${found[0]}`);
    }
    for (const line of read(name).split('\n')) {
      if (/\bexport\b/.test(line)) assert.match(line, /^export (async function|function|class|const) \w+/, `${name}: ${line}`);
      assert.doesNotMatch(line, /<\/script|<!--|https?:/, `${name}: ${line}`);
    }
  }
});

test('one statement a line, no line over 100 characters', () => {
  for (const name of names) {
    for (const line of read(name).split('\n')) {
      assert.ok(line.length <= 100, `${name}: ${line}`);
      const code = line.replace(/'[^']*'/g, '').replace(/\/\/.*|for \(.*\)/, '');
      if (name.endsWith('.mjs')) assert.doesNotMatch(code, /;\s*\S/, `${name}: ${line}`);
    }
  }
});

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

test('playback: 25 steps a second at speed 1, faster on demand, never past the end', () => {
  const playback = new Playback(199);
  playback.play(1000);
  playback.advance(2000);
  near(playback.position, 25);
  playback.speed = 2;
  playback.advance(2100);
  near(playback.position, 30);
  playback.advance(2050);  // a clock that goes back moves nothing
  near(playback.position, 30);
  playback.go(-5);
  assert.equal(playback.step, 0);
  playback.go(1e6);
  assert.equal(playback.step, 199);
});

test('playback: pauses at the end and starts again from the beginning', () => {
  const playback = new Playback(10);
  playback.play(0);
  playback.advance(5000);
  assert.deepEqual([playback.position, playback.playing], [10, false]);
  playback.play(6000);
  assert.deepEqual([playback.position, playback.playing], [0, true]);
  playback.go(4);
  playback.pause();
  playback.play(9000);
  assert.equal(playback.step, 4);
});

test('playback: frames are counted over a second', () => {
  const playback = new Playback(199);
  playback.play(0);
  for (let i = 1; i < 50; i++) playback.advance(20 * i);
  assert.equal(playback.fps, null);
  playback.advance(1000);
  assert.equal(playback.fps, 50);
});

test('keys: space plays but on a button, arrows go but on a slider', () => {
  assert.equal(keyAction(' ', 'BODY'), 'toggle');
  assert.deepEqual(['range', 'number'].map(type => keyAction(' ', 'INPUT', type)), ['toggle', 'toggle']);
  assert.equal(keyAction(' ', 'INPUT', 'text'), null);
  assert.deepEqual(['BUTTON', 'SELECT'].map(tag => keyAction(' ', tag)), [null, null]);
  assert.deepEqual([keyAction('ArrowLeft', 'BODY'), keyAction('ArrowRight', 'BUTTON')], [-1, 1]);
  assert.deepEqual(['INPUT', 'SELECT'].map(tag => keyAction('ArrowRight', tag)), [null, null]);
  assert.equal(keyAction('a', 'BODY'), null);
});

test('themes: dark and light grounds, and one that is see-through', () => {
  assert.equal(isDark('rgb(17, 17, 17)'), true);
  assert.equal(isDark('rgb(255, 255, 255)'), false);
  assert.equal(isDark('rgba(0, 0, 0, 0)'), null);
  assert.equal(isDark('rgba(0, 0, 0, 0.9)'), true);
});

test('a fraction counts as the decimal that was typed, halves up', () => {  // the numbers of nbs/05_interventions.ipynb
  const cases = [[.29, 50, 15], [.57, 50, 29], [.145, 100, 15], [1 / 6, 3, 0], [1e-7, 5e6, 1], [.1 + .2, 5, 2], [1, 7, 7], [0, 7, 0]];
  for (const [fraction, size, count] of cases) assert.equal(countOf(fraction, size), count);
  const grid = [1, 7, 50, 200, 1545, 40000].flatMap(size => Array.from({length: 1001}, (_, k) => countOf(k / 1000, size)));
  assert.equal(grid.reduce((sum, count) => sum + count), 20922430);
});

test('a lesion seed is the same lesion as in Python', () => {  // the numbers of nbs/05_interventions.ipynb
  const first = {0: [2856213345, 1863002342, 2846593487], 12345: [3856808961, 3462383513, 3429262742],
                 4294967295: [2571226413, 1435675793, 4278476930]};
  for (const [seed, hashes] of Object.entries(first)) assert.deepEqual([0, 1, 2].map(i => hash(Number(seed), i)), hashes);
  const candidates = [3, 7, 11, 15, 19, 23, 27, 31, 35, 39];
  assert.deepEqual(choose(candidates, .3, 7), [7, 11, 23]);
  assert.deepEqual(choose(candidates, .25, 7), [7, 11, 23]);
  assert.deepEqual(choose(candidates, .5, 7), [3, 7, 11, 23, 27]);
  assert.deepEqual(choose(candidates, 0, 7), []);
  assert.deepEqual(choose(candidates, 1, 7), candidates);
});

// --- the network

// Three units, E E I, all connected but to themselves; unit 2 is inhibitory.
const W = [[0, .5, -.3], [.2, 0, -.4], [.6, .7, 0]];
const tiny = (changed = {}) => makeNetwork({
  facts: {N: 3, K: 1, M: 1, activation: 'sigmoid', noise: .1, init_noise: .01, DeltaT: 1, step_ms: 5, ...changed},
  arrays: {
    w_start: Int32Array.of(0, 2, 4, 6), w_pre: Uint16Array.of(1, 2, 0, 2, 0, 1),
    w_value: Float32Array.of(.5, -.3, .2, -.4, .6, .7), w_in: Float32Array.of(1, 0, -1),
    w_out: Float32Array.of(.3, .4, -.5), b_out: Float32Array.of(.1), tau: Float32Array.of(2, 4, 5),
    gain: Float32Array.of(1, 1, 1), inh: Uint8Array.of(0, 0, 1), som: Uint8Array.of(0, 0, 0),
  },
});
const steady = {site: 'all', units: '', fraction: 1, scale: 0, start: 0, stop: 6, lesion_seed: 0};
const input = Float32Array.of(0, 1, 1, 0, -1, 0);

// The equations, a step a line; at(t) gives what is changed in step t.
function plainLoop(at, u = input) {
  const tau = [2, 4, 5];
  const phi = (x, t) => x.map((v, i) => (at(t).gain?.[i] ?? 1) / (1 + Math.exp(-v)));
  let x = [0, 0, 0];
  let r = phi(x, 0);
  const o = [];
  for (let t = 1; t < u.length; t++) {
    const {weight = (i, j) => W[i][j], current = [0, 0, 0]} = at(t - 1);
    const got = [0, 1, 2].map(i => [0, 1, 2].reduce((sum, j) => sum + weight(i, j) * r[j], 0)
      + [1, 0, -1][i] * u[t - 1] + current[i]);
    x = x.map((v, i) => v + (got[i] - v) / tau[i]);
    r = phi(x, t);
    o.push(.1 + .3 * r[0] + .4 * r[1] - .5 * r[2]);
  }
  return o;
}
const same = (o, expected) => expected.forEach((value, i) => assert.ok(Math.abs(o[i] - value) < 1e-6, `${o} is not ${expected}`));

test('the network is the plain loop', () => {
  same(run(tiny(), input).o, plainLoop(() => ({})));
});

test('a lesion with a beginning and an end is the plain loop with other weights there', () => {
  const effect = lesionEffect(tiny(), {...steady, site: 'I-E', scale: 2, start: 2, stop: 4});
  const weight = (i, j) => (j === 2 ? 2 : 1) * W[i][j];
  same(run(tiny(), input, {effects: [effect]}).o, plainLoop(t => (t >= 2 && t < 4 ? {weight} : {})));
});

test('a silenced unit is silent at once, in rates and outputs, and comes back', () => {
  const effect = lesionEffect(tiny(), {...steady, site: 'units', units: '1', start: 3, stop: 5});
  const {o, r} = run(tiny(), input, {effects: [effect], rates: true});
  same(o, plainLoop(t => (t >= 3 && t < 5 ? {gain: [1, 0, 1]} : {})));
  assert.deepEqual(Array.from(r.slice(6, 12), rate => rate === 0), [false, false, false, true, true, false]);
});

test('a current is added in its window', () => {
  const drive = {units: Int32Array.of(0, 2), course: Float32Array.of(.5, -1), start: 2, sd: 0};
  const effect = {start: 2, stop: 4, gain: null, w: null, wIn: null, wOut: null, drive, trials: null};
  const now = new Map([[2, [.5, 0, .5]], [3, [-1, 0, -1]]]);
  same(run(tiny(), input, {effects: [effect]}).o, plainLoop(t => ({current: now.get(t) ?? [0, 0, 0]})));
});

test('noise is that of its seed, and what is done leaves it as it is', () => {
  const noisy = (seed, effects = []) => run(tiny(), input, {normals: new Random(seed), effects}).o;
  assert.deepEqual(noisy(3), noisy(3));
  assert.notDeepEqual(noisy(3), noisy(4));
  const late = lesionEffect(tiny(), {...steady, start: 4, stop: 6});
  assert.deepEqual(noisy(3, [late]).slice(0, 3), noisy(3).slice(0, 3));
});

test('normal numbers are normal', () => {
  const drawn = new Float64Array(1e6);
  new Random(1).fill(drawn, 2);
  const moment = k => drawn.reduce((sum, value) => sum + (value / 2) ** k, 0) / drawn.length;
  // within five standard errors of 0, 1, 0 and 3
  [[1, 0, 1], [2, 1, 2], [3, 0, 15], [4, 3, 96]].forEach(([k, expected, variance]) => {
    assert.ok(Math.abs(moment(k) - expected) < 5 * Math.sqrt(variance / drawn.length), `moment ${k}: ${moment(k)}`);
  });
  const beyond = drawn.filter(value => Math.abs(value) > 6).length / drawn.length;
  assert.ok(Math.abs(beyond - .0026998) < 5 * Math.sqrt(.0027 / drawn.length));
  const between = drawn.slice(1).reduce((sum, value, i) => sum + value * drawn[i], 0) / drawn.length / 4;
  assert.ok(Math.abs(between) < 5e-3);
});

test('hits are in the order of the connections, counts by pairing', () => {
  const network = tiny();
  assert.deepEqual(hits(network, {...steady, site: 'I-E'}), {part: 'w', indices: [1, 3]});
  assert.deepEqual(hits(network, {...steady, site: 'I', fraction: 1}), {part: 'gain', indices: [2]});
  const effect = lesionEffect(network, {...steady, site: 'units', units: '0'});
  assert.deepEqual(counts(network, [effect]).map(({all, cut}) => [all, cut]), [[2, 1], [2, 1], [2, 0], [0, 0]]);
  assert.deepEqual(factors(network, 'wIn', [2], .5), Float64Array.of(1, 1, .5));
});

test('lists of units', () => {
  assert.deepEqual(parseUnits('3, 17, 20-23, 21', 200), [3, 17, 20, 21, 22, 23]);
  assert.equal(unitsText([23, 3, 20, 17, 21, 22]), '3, 17, 20-23');
  assert.equal(unitsText([]), '');
  for (const text of ['', '3,', '3 17', '5-3', '200', '-1', '1.5', 'a']) {
    assert.throws(() => parseUnits(text, 200), {message: `units must be a list like 3, 17, 20-25 of units from 0 to 199, got '${text}'`});
  }
});

// --- scores and jobs

// Two trials of four outputs; the last two are scored. One must rise to 1, the other stay quiet.
const world = (changed = {}) => ({
  network: tiny(),
  given: [],
  trials: makeTrials({
    facts: {B: 2, K: 1, M: 1, T: 5, groups: ['go', 'nogo'], window_start: 2, window_stop: 4, scorable: true,
      chance: .5, channels: ['cue'], task: 'example', offset: .5, ...changed},
    arrays: {u: Float32Array.of(0, 1, 1, 0, 0, 0, 0, 0, 0, 0), z: Float32Array.of(0, 0, 1, 1, 0, 0, 0, 0),
      group: Int32Array.of(0, 1), silent: Uint8Array.of(0, 1), direction: Float32Array.of(0, 1, -1, 0, 0, 0, 0, 0, 0, 0)},
  }),
});

test('a trial is right by the default rule', () => {
  const {trials} = world();
  const right = (o, b) => isCorrect(Float32Array.from(o), trials.z[b], trials);
  assert.equal(right([0, 0, .71, 0], 0), true);
  assert.equal(right([1, 1, .69, .69], 0), false);
  assert.equal(right([0, 0, -1, 0], 0), false);
  assert.equal(right([1, 1, .29, -.29], 1), true);
  assert.equal(right([0, 0, 0, -.31], 1), false);
  assert.equal(right([NaN, 0, 1, 1], 0), false);
  assert.deepEqual(limits(trials.z[0], trials), {from: 2, to: 4, reach: .7});
  assert.deepEqual(limits(trials.z[1], trials), {from: 2, to: 4, low: -.3, high: .3});
});

test('a job runs trials and scores them', () => {
  const idle = {...steady, fraction: 0, stop: 5};
  const {correct, losses} = perform(world(), {state: idle, indices: [1, 0, 1], seed: 0});
  const {o} = run(tiny(), world().trials.u[0], {normals: new Random(hash(0, 0))});
  near(losses[1], Math.hypot(o[0], o[1], o[2] - 1, o[3] - 1));
  assert.equal(correct[0], correct[2]);
  near(accuracy([1, 0, 1]), 2 / 3);
  const kept = perform(world({scorable: false}), {state: idle, indices: [0], seed: 0});
  assert.equal(kept.correct, null);
  assert.deepEqual(kept.outputs, o);
});

test('streams of another mean', () => {
  assert.deepEqual(withOffset(world().trials, 0, 2.5), Float32Array.of(0, 3, -1, 0, 0));
});

test('without a worker, jobs run between frames; urgent ones first, cancelled ones never', async () => {
  const jobs = new Jobs(world(), () => { throw new Error('none'); });
  const job = {state: {...steady, fraction: 0}, indices: [0], seed: 0};
  const order = [];
  const cancelled = jobs.start([job, job], {got: () => order.push('cancelled')});
  const ended = new Promise(done => jobs.start([job, job], {got: (_, k) => order.push(`later ${k}`), done}));
  jobs.start([job], {got: () => order.push('urgent'), urgent: true});
  cancelled.cancel();
  await ended;
  assert.deepEqual(order, ['urgent', 'later 0', 'later 1']);
});

test('packed arrays come back: of a number the low byte stands before the high one of all', () => {
  const header = {facts: {name: 'ü'}, arrays: {none: {kind: 'u1', size: 0, offset: 0}, a: {kind: 'u2', size: 2, offset: 1}}};
  const text = new TextEncoder().encode(JSON.stringify(header));
  const {buffer} = Uint8Array.of(0, 0, 0, 0, ...text, 99, 7, 255, 0, 254);
  new DataView(buffer).setUint32(0, text.length, true);
  assert.deepEqual(unpack(buffer), {facts: {name: 'ü'}, arrays: {none: Uint8Array.of(), a: Uint16Array.of(7, 65279)}});
});

// --- the player

test('rows and their path in a plane', () => {
  const r = Float32Array.of(1, 2, 3, 4, 5, 6);  // two units, three steps
  assert.deepEqual(rows(r, 2), [Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6)]);
  const basis = {mean: [1, 4], axes: [1, 0, .5, -1]};
  assert.deepEqual(project(basis, r), {x: Float32Array.of(0, 1, 2), y: Float32Array.of(0, -.5, -1)});
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
  assert.deepEqual(fixed.order.map(unit => fixed.place[unit]), [0, 1, 2]);
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

test('silences and windows, also of what Python did, in the trials that it is meant for', () => {
  const network = {...tiny(), gain: Float64Array.of(1, 0, 1)};  // unit 1 is dead for good
  const effects = [
    {start: 1, stop: 9, gain: Float64Array.of(0, 1, .5), trials: null},
    {start: 0, stop: 6, gain: null, trials: Uint8Array.of(0, 1)},
    {start: 2, stop: 3, gain: Float64Array.of(1, 1, 0), trials: Uint8Array.of(0, 1)},
  ];
  assert.deepEqual(silences(network, effects, 0, 6), [{unit: 1, start: 0, stop: 6}, {unit: 0, start: 1, stop: 6}]);
  assert.deepEqual(silences(network, effects, 1, 6).at(-1), {unit: 2, start: 2, stop: 3});
  assert.deepEqual(windows(effects, 0, 6), [{from: 1, to: 5}]);
  assert.deepEqual(windows(effects, 1, 6), [{from: 1, to: 5}, {from: 2, to: 3}]);  // the whole trial has no band
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

test('a step and a unit in words', () => {
  const o = [[0, .1, .8, .9], [.9, 1, .2, .1]];
  assert.equal(describe(o, 0, 5), '0 ms');
  assert.equal(describe(o, 1, 5), '5 ms, output 0.00 0.90');  // output 1 belongs to step 1
  assert.equal(describe(o, 4, 5), '20 ms, output 0.90 0.10');
  const network = {inh: [0, 1, 1], som: [0, 0, 1], tau: [4, 8.6, 20], stepMs: 5};
  assert.deepEqual([0, 1, 2].map(unit => unitWords(network, unit)), ['E, tau 20 ms', 'I, tau 43 ms', 'SOM, tau 100 ms']);
});

test('a click silences a unit, another one brings it back', () => {
  const click = (state, unit) => ({...state, ...toggleUnit(state, unit, 9)});
  let state = {...steady, site: 'I-E', fraction: .3};
  assert.deepEqual(unitsSilenced(state, 9), []);
  state = click(state, 4);
  assert.deepEqual([state.site, state.units, state.fraction, state.scale], ['units', '4', 1, 0]);
  state = click(click(state, 2), 3);
  assert.equal(state.units, '2-4');
  assert.equal(click(state, 3).units, '2, 4');
  assert.equal(click(click(click(state, 3), 2), 4).units, '');
  assert.deepEqual(unitsSilenced({...state, fraction: .5}, 9), []);  // a part of a list is not a list
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

test('verdicts over trials', () => {
  assert.equal(verdictsInWords({n: 3, right: 2}), '2 of 3 right');
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

test('the gradient of a trial is that of central differences, in all that is trained', () => {
  const settings = [true, false].flatMap(dale => [[4, 20], [7]].flatMap(taus => [0, .1].map(sd => ({dale, taus, sd}))));
  for (const {dale, taus, sd} of settings) {
    const learner = drawLearner({N: 8, seed: 3, dale, taus});
    learner.w[2] = -.3;  // under Dale's principle this connection is lost
    const trial = shortTrial(learner, sd);
    const gradient = gradientOf(learner, trial);
    const lossAt = (values, i, value) => {
      const held = values[i];
      values[i] = value;
      const {loss} = lossOf(forward(learner, trial.u, trial.x0, trial.noise).o, trial.z);
      values[i] = held;
      return loss;
    };
    for (const name of TRAINED) {
      const values = learner[name];
      assert.equal(gradient[name].length, values.length);
      values.forEach((value, i) => {
        const slope = (lossAt(values, i, value + 1e-5) - lossAt(values, i, value - 1e-5)) / 2e-5;
        const found = gradient[name][i];
        assert.ok(Math.abs(slope - found) < 1e-6 * (1e-3 + Math.abs(found)), `${name} ${i}: ${found} is not ${slope}`);
      });
    }
    assert.equal(gradient.w[2] === 0, dale);
    assert.equal(gradient.tausGaus.every(value => value === 0), taus.length === 1);
  }
});

test('a trial without error has the gradient 0, and a loss is the norm of the errors', () => {
  const learner = drawLearner({N: 8, seed: 1});
  const trial = shortTrial(learner, .1);
  const {o} = forward(learner, trial.u, trial.x0, trial.noise);
  const gradient = gradientOf(learner, {...trial, z: o});
  for (const name of TRAINED) assert.ok(gradient[name].every(value => value === 0));
  assert.equal(lossOf(Float64Array.of(3, 0), Float64Array.of(0, 4)).loss, 5);
});

test('Adam: the first step is the rate, and two steps by hand', () => {
  const values = {a: Float64Array.of(1, -1), b: Float64Array.of(0)};
  const adam = new Adam(values, .01);
  adam.step({a: Float64Array.of(3, -.2), b: Float64Array.of(0)});
  near(values.a[0], .99);
  assert.ok(Math.abs(values.a[1] + .99) < 1e-9);
  assert.equal(values.b[0], 0);
  adam.step({a: Float64Array.of(-1, -.2), b: Float64Array.of(0)});
  const mean = (.9 * .1 * 3 + .1 * -1) / (1 - .9 ** 2);
  const square = (.999 * .001 * 9 + .001 * 1) / (1 - .999 ** 2);
  near(values.a[0], .99 - .01 * mean / Math.sqrt(square));
});

test('a learner: drawn by its seed, connections and types as the paper has them', () => {
  const learner = drawLearner({N: 100, seed: 4});
  assert.deepEqual(drawLearner({N: 100, seed: 4}), learner);
  assert.notDeepEqual(drawLearner({N: 100, seed: 5}).w, learner.w);
  const inhibitory = learner.inh.reduce((sum, one) => sum + one, 0);
  assert.ok(inhibitory > 5 && inhibitory < 40, `${inhibitory} inhibitory units`);
  assert.ok(learner.w.length > 1700 && learner.w.length < 2300, `${learner.w.length} connections`);
  assert.ok(learner.w.every(value => value > 0));
  const square = learner.w.reduce((sum, value) => sum + value * value, 0) / learner.w.length;
  assert.ok(Math.abs(square / (1.5 ** 2 / 20) - 1) < .15, `mean square ${square}`);
  effectiveWeights(learner).forEach((value, c) => assert.equal(value < 0, learner.inh[learner.pre[c]] === 1));
  assert.ok(timeConstants(learner).every(tau => tau > 4 && tau < 20));
  assert.deepEqual([...timeConstants({...learner, taus: [7]})], new Array(100).fill(7));
  const free = drawLearner({N: 20, seed: 4, dale: false});
  assert.equal(free.w.length, 400);
  assert.ok(free.inh.every(one => one === 0) && free.w.some(value => value < 0));
});

test('a learner as the data of a page: the same outputs, no lost connections, a copy; its trials', () => {
  const learner = drawLearner({N: 30, seed: 2});
  learner.w[3] = -1;
  const data = trainedData(learner, 20);
  const [network, trials] = [makeNetwork(data), makeTrials(data)];
  assert.equal(network.w.pre.length, learner.w.length - 1);
  assert.equal(network.w.start[30], network.w.pre.length);
  const {u, z} = makeTrial(true);
  const {o} = forward(learner, u, new Float64Array(30), new Float64Array(30 * T));
  run(network, u).o.forEach((value, j) => assert.ok(Math.abs(value - o[j]) < 1e-5));
  learner.wOut.fill(0);
  assert.ok(network.wOut.every(value => value !== 0));
  assert.deepEqual([trials.B, trials.T, trials.M, trials.windowStart, trials.windowStop], [20, 200, 1, 75, 199]);
  assert.deepEqual([trials.u[2], trials.z[2]], [u, z]);
  assert.deepEqual(trials.groups.map(({name, trials: own}) => [name, own.length]), [['go', 10], ['nogo', 10]]);
  assert.deepEqual(trials.silent.slice(0, 4), [false, true, false, true]);
});

test('Go-NoGo trials: pulse, target and response window', () => {
  const [go, nogo] = [makeTrial(true), makeTrial(false)];
  assert.deepEqual([PULSE_START, PULSE_STOP, go.u.length, go.z.length], [50, 75, 200, 199]);
  go.u.forEach((value, t) => assert.equal(value, Number(t >= 50 && t < 75)));
  go.z.forEach((value, j) => assert.equal(value, Number(j >= 75)));
  assert.ok(nogo.u.every(value => value === 0) && nogo.z.every(value => value === 0));
  assert.ok(isCorrect(go.z, go.z, WINDOW) && !isCorrect(nogo.z, go.z, WINDOW));
  assert.ok(isCorrect(nogo.z, nogo.z, WINDOW) && !isCorrect(go.z, nogo.z, WINDOW));
});

test('training: a trial an update, a test of 100 after 100, the same for a seed', () => {
  const twice = [1, 2].map(() => new Training({N: 20, seed: 7}));
  for (const training of twice) {
    for (let k = 0; k < 100; k++) training.next();
    const held = training.learner.w.slice();
    for (let k = 0; k < 100; k++) training.next();
    assert.deepEqual(training.learner.w, held);  // a test teaches nothing
    assert.deepEqual([training.losses.length, training.tests.length], [100, 1]);
    training.next();
    assert.notDeepEqual(training.learner.w, held);
  }
  assert.deepEqual(twice[0].losses, twice[1].losses);
  assert.deepEqual(twice[0].tests, twice[1].tests);
});

test('training reaches the criterion of the paper and ends there', () => {
  const training = new Training({N: 50, seed: 5});
  while (!training.ended) training.next();
  assert.equal(training.ended, 'criterion');
  const {trials, loss, accuracy} = training.tests.at(-1);
  assert.ok(loss < 7 && accuracy >= .95 && trials === training.losses.length);
  for (const test of training.tests.slice(0, -1)) assert.ok(test.loss >= 7 || test.accuracy < .95);
  training.next();
  assert.equal(training.losses.length, trials);
});

test('training ends after 6,000 trials, and where a loss is not finite', () => {
  const worn = new Training({N: 5, seed: 1});
  worn.losses = new Array(5999).fill(0);
  for (let k = 0; k < 101; k++) worn.next();
  assert.deepEqual([worn.losses.length, worn.tests.length, worn.ended], [6000, 1, 'trials']);
  const broken = new Training({N: 5, seed: 1});
  broken.learner.wOut[0] = NaN;
  broken.next();
  assert.deepEqual([broken.ended, broken.losses.length], ['diverged', 0]);
});

// --- dose and response, pairings, matrix

const anywhere = {...steady, fraction: .3, stop: 5, seed: 7, trial_type: ''};

test('a dose curve: the intact network, then one lesion of each dose, then the next draw', () => {
  const planned = doseJobs(world(), anywhere);
  assert.deepEqual(planned.slice(0, 12).map(({dose}) => dose), [0, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1, .1]);
  assert.deepEqual(planned[11].job, {state: {...anywhere, fraction: .1, lesion_seed: 1}, indices: [0, 1], seed: 7});
  assert.equal(N_FIRST, 101);
  assert.ok(planned.length > N_FIRST);
  assert.deepEqual(doseJobs(world(), {...anywhere, trial_type: 'nogo'})[3].job.indices, [1]);
  assert.equal(sameCurve(anywhere, {...anywhere, fraction: .9, lesion_seed: 4}), true);
  assert.equal(sameCurve(anywhere, {...anywhere, scale: 2}), false);
});

test('a dose curve in numbers', () => {
  const curve = summarise(new Map([[.5, [1, 0, .5, .25]], [0, [1]]]));
  assert.deepEqual(curve, {doses: [0, .5], mean: [1, .4375], low: [1, .1875], high: [1, .625], lowest: [1, 0], highest: [1, 1]});
});

test('what a silent network gets', () => {
  assert.equal(silentAccuracy(world().trials, ''), .5);
  assert.equal(silentAccuracy(world().trials, 'go'), 0);
});

test('pairings are compared at the fraction of the state, or at half', () => {
  assert.equal(comparedAt(anywhere), .3);
  assert.equal(comparedAt({...anywhere, fraction: 0}), .5);
  const planned = spareJobs(world(), anywhere);
  assert.deepEqual(planned.map(({pairing}) => pairing).slice(0, 5), ['E-E', 'E-I', 'I-E', 'I-I', 'E-E']);
  assert.deepEqual([planned.length, planned[4].job.state.site, planned[4].job.state.lesion_seed], [40, 'E-E', 1]);
});

test('a psychometric curve has every trial at every offset', () => {
  const planned = offsetJobs(world(), anywhere);
  const trialsAt = offset => planned.filter(each => each.offset === offset).flatMap(({job}) => job.indices);
  assert.deepEqual([0, .05, .1, .2, .3, .5].map(trialsAt), Array(6).fill([0, 1]));
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

test('a session: a network drawn, trained in slices, paused, and trained on', context => {
  context.mock.timers.enable({apis: ['setTimeout']});
  const posted = [];
  const take = part => posted.splice(0).map(message => message[part]).filter(Boolean);
  const session = new TrainingSession(message => posted.push(message), {sliceMs: 5, restMs: 10});
  session.receive({command: 'begin', id: 3, options: {N: 20, seed: 1}});
  assert.ok(posted.every(({id}) => id === 3));
  assert.deepEqual(posted[0].layout.start.length, 21);
  const [drawn] = take('progress');
  assert.deepEqual([drawn.losses, drawn.tests, drawn.ended, drawn.outputs.go.length], [[], [], '', T - 1]);
  session.receive({command: 'go'});
  context.mock.timers.tick(10);
  const losses = take('progress').flatMap(progress => progress.losses);
  assert.ok(losses.length > 0);
  assert.deepEqual(session.training.losses, losses);
  session.receive({command: 'pause'});
  assert.equal(take('data')[0].facts.N, 20);
  context.mock.timers.tick(1000);
  assert.deepEqual(posted, []);
  session.receive({command: 'go'});
  losses.push(...take('progress').flatMap(progress => progress.losses));
  assert.deepEqual(session.training.losses, losses);
  session.training.ended = 'trials';
  context.mock.timers.tick(10);
  assert.deepEqual(take('data').length, 1);
  context.mock.timers.tick(1000);
  assert.deepEqual(posted, []);
});

const typed = {types: ['go', 'nogo']};
const cutting = {...intactState(5), site: 'I-E', fraction: .4, lesion_seed: 3};

test('a state that cannot be is one sentence', () => {
  const wrong = change => check({...intactState(5), ...change}, world(typed));
  assert.equal(wrong({}), null);
  assert.equal(wrong({site: 'units', units: ''}), null);
  assert.match(wrong({site: 'X-E'}), /^site must be one of all, by_type, .*, got 'X-E'$/);
  assert.match(wrong({site: 'units', units: '1, x'}), /^units must be a list like .* from 0 to 2, got '1, x'$/);
  assert.equal(wrong({fraction: 1.4}), 'fraction must be a number from 0 to 100 %, got 140 %');
  assert.equal(wrong({fraction: NaN}), 'fraction must be a number from 0 to 100 %, got no number');
  assert.equal(wrong({scale: -1}), 'scale must be a number from 0 to 2, got -1');
  for (const [start, stop] of [[3, 3], [4, 2], [0, 6], [-1, 3], [0, 2.5], [NaN, 3]]) {
    assert.match(wrong({start, stop}), /^from and to must be multiples of 5 ms, .* from 0 to 25 ms, got /);
  }
  assert.match(wrong({lesion_seed: 2 ** 32}), /^lesion seed must be a whole number from 0 to 4294967295, got 4294967296$/);
  assert.match(wrong({seed: .5}), /^trial seed must be a whole number/);
  assert.equal(wrong({trial_type: 'stop'}), "trial type must be one of go, nogo, got 'stop'");
});

test('SOM units are a site where there are some', () => {
  const network = {...tiny(), som: Uint8Array.of(0, 0, 1)};
  const listed = at => siteGroups(at).flatMap(({sites}) => sites);
  assert.ok(listed(network).includes('SOM'));
  assert.ok(!listed({...network, som: Uint8Array.of(0, 0, 0)}).includes('SOM'));
});

test('a state as text and back, alone and in an address', () => {
  const states = [intactState(5), cutting, {...intactState(5), site: 'units', units: '0, 2', fraction: .07, scale: 1.5,
    start: 1, stop: 3, seed: 9, trial_type: 'go & stop'}];
  for (const state of states) assert.deepEqual(fromText(toText(state, 5), 5), state);
  assert.equal(toText(cutting, 5), 'site=I-E&fraction=0.4&lesion_seed=3');
  assert.equal(toText(intactState(5), 5), 'none');
  for (const text of ['none', 'intact', '', '#lesion:none']) assert.deepEqual(fromText(text, 5), intactState(5));
  assert.deepEqual(fromText('page.html?a=b#lesion:site=I-E&fraction=0.4&lesion_seed=3', 5), cutting);
  assert.throws(() => fromText('colour=red', 5), /^Error: a state must be made of site, .*, got 'colour'$/);
  assert.ok(Number.isNaN(fromText('fraction=', 5).fraction));
  const address = writeAddress(writeAddress('#chapter', 'lesion', 'site=E'), 'lesion2', 'site=I');
  assert.equal(address, '#lesion:site=E;lesion2:site=I');
  assert.deepEqual([...readAddress(address)], [['lesion', 'site=E'], ['lesion2', 'site=I']]);
  assert.equal(writeAddress(address, 'lesion', 'intact'), '#lesion:intact;lesion2:site=I');
});

test('a state in words', () => {
  const at = world(typed);
  assert.equal(inWords(intactState(5), at), 'intact');
  assert.equal(inWords({...cutting, scale: 1}, at), 'intact');
  assert.equal(inWords(cutting, at), '40 % of I to E (I-E), weights times 0');
  assert.equal(inWords({...cutting, site: 'units', units: '0, 2', start: 1}, at), '40 % of units 0, 2, rates times 0, 5 to 25 ms');
  assert.equal(inWords(cutting, {...at, given: [{words: 'stimulate E'}]}), '40 % of I to E (I-E), weights times 0; stimulate E');
});

test('a network that came with a lesion is not called intact, and says what was done to it', () => {
  const at = world(typed);
  const network = {...at.network, damage: '661 of 2,650 connections severed'};
  const given = {...at, network};
  assert.equal(inWords(intactState(5), given), 'as given (661 of 2,650 connections severed)');
  assert.equal(inWords(cutting, given), 'as given (661 of 2,650 connections severed); 40 % of I to E (I-E), weights times 0');
  assert.deepEqual([givenName(network), givenName(at.network)], ['as given', 'intact']);
  assert.deepEqual([hitWords(network, intactState(5)), hitWords(at.network, intactState(5))], ['as given', 'intact']);
  assert.equal(besides(.9, .52, {silent: 0, chance: .5}, givenName(network)), 'as given 52 %, silent network 0 %, chance 50 %');
  const facts = {N: 3, T: 5, effects: [], n_trials: 50, damage: network.damage};
  assert.match(asCode(cutting, facts), /^# net as given: 661 of 2,650 connections severed\nfrom rate.interventions import lesion\n/);
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

test('an activation that the page does not have is an error that names it', () => {
  const {facts, arrays} = trainedData(drawLearner({N: 5, seed: 1}), 2);
  assert.throws(() => makeNetwork({facts: {...facts, activation: 'tanh'}, arrays}), /^Error: this page cannot run the activation 'tanh'$/);
  assert.equal(makeNetwork({facts, arrays}).damage, '');
});

test('an address is one where the page is alone, and no server of notebooks', () => {
  const page = {location: {protocol: 'https:', host: 'a.org'}, parent: globalThis, document: {querySelector: () => null}};
  assert.equal(hasAddress(page), true);
  assert.equal(hasAddress({...page, location: {protocol: 'file:', host: ''}}), true);
  for (const protocol of ['blob:', 'about:', 'data:']) assert.equal(hasAddress({...page, location: {protocol, host: ''}}), false);
  assert.equal(hasAddress({...page, parent: {}}), false);  // in a frame
  assert.equal(hasAddress({...page, document: {querySelector: () => ({})}}), false);  // JupyterLab, Notebook, Voila
});

test('a state as code: a lasting lesion, one in a window, and beside interventions of Python', () => {
  const facts = {N: 3, T: 5, step_ms: 5, effects: [], n_trials: 50};
  const last = (circuit, type = 'None') => `evaluation = evaluate(${circuit}trial_type=${type}, seed=0)\nevaluation.accuracy`;
  assert.equal(asCode(intactState(5), facts), `from rate.model import evaluate\n\n${last('net, task, 50, ')}`);
  assert.equal(asCode(cutting, facts), "from rate.interventions import lesion\nfrom rate.model import evaluate\n\n"
    + `circuit = lesion(net.circuit(), 0.4, 'I-E', scale=0, seed=3)\n${last('circuit, task, 50, ')}`);
  const given = {...facts, effects: [{code: "stimulate('E', 0.5)"}]};
  assert.equal(asCode({...cutting, trial_type: 'go'}, given), 'from rate.interventions import stimulate, strengthen\n'
    + "from rate.model import evaluate\n\ninterventions = [\n    strengthen('I-E', 0, window_ms=(0, 25), fraction=0.4, seed=3),\n"
    + `    stimulate('E', 0.5),\n]\n${last('net, task, 50, interventions=interventions, ', "'go'")}`);
  const listed = {...cutting, site: 'units', units: '0-2', fraction: 1, start: 2};
  const trained = asCode(cutting, {...facts, file: 'a.mat'});
  assert.match(trained, /^from rate import GoNogoTask, load\nfrom rate.interventions import lesion\nfrom rate.model import evaluate\n\nnet, task = load\('a.mat'\), GoNogoTask\(\)\ncircuit = /);
  assert.match(asCode(listed, facts), /\n    silence\(\[0, 1, 2\], window_ms=\(10, 25\), scale=0, fraction=1, seed=3\),\n/);
});

test('undo and redo: a gesture is one step, a new state ends what was undone', () => {
  const history = new History('a');
  assert.deepEqual([history.canUndo, history.undo(), history.redo()], [false, 'a', 'a']);
  for (const state of ['b', 'c', 'd']) history.push(state, 'slider');
  history.settle();
  history.push('e', 'slider');
  assert.deepEqual([history.undo(), history.undo(), history.canUndo], ['d', 'a', false]);
  assert.equal(history.redo(), 'd');
  history.push('f');
  assert.deepEqual([history.canRedo, history.undo()], [false, 'd']);
});

const makeApp = (state = {}, model = new Shim({})) => {
  const at = world(typed);
  return new App({model, facts: {selective: ['1', '0']}, world: at, jobs: {end() {}}, state});
};

test('an app: a state that cannot be is said and changes nothing; a good one is told and saved', () => {
  const app = makeApp();
  const heard = [];
  const stop = app.listen((state, before) => heard.push([before.site, state.site]));
  assert.equal(app.change({site: 'I-E', fraction: .5}), true);
  assert.equal(app.change({fraction: 2}), false);
  assert.match(app.sentence, /^fraction must be/);
  assert.deepEqual([app.state.fraction, app.model.get('fraction')], [.5, .5]);
  app.undo();
  assert.deepEqual([app.state, app.sentence], [intactState(5), '']);
  app.redo();
  app.reset();
  stop();
  app.change({site: 'E'});
  assert.deepEqual(heard, [['all', 'I-E'], ['I-E', 'all'], ['all', 'I-E'], ['I-E', 'all']]);
  app.end();
});

test('an app begins intact where the state that it is given cannot be, and says why', () => {
  const app = makeApp({fraction: 3});
  assert.equal(app.state.fraction, 0);
  assert.match(app.sentence, /^fraction must be/);
  app.end();
});

test('an app follows Python, once for all that has changed', async () => {
  const model = new Shim({...intactState(5)});
  const app = makeApp({}, model);
  const heard = [];
  app.listen(state => heard.push([state.site, state.fraction]));
  model.set('site', 'E-E');
  model.set('fraction', .5);
  for (const name of ['site', 'fraction']) for (const f of model.listeners.get(`change:${name}`)) f();
  await null;
  await null;
  assert.deepEqual(heard, [['E-E', .5]]);
  app.end();
});

test('the kernel scores what the page cannot; where there is none, that is said', async () => {
  const asked = [];
  const model = Object.assign(new Shim({}), {alone: false, send: (...message) => asked.push(message)});
  const kernel = new Kernel(model);
  const answer = kernel.score([4, 2], Float32Array.of(1, 2));
  const wrong = kernel.score([1], Float32Array.of(1));
  assert.deepEqual(asked[0], [{ask: 'score', id: 0, trials: [4, 2]}, undefined, [Float32Array.of(1, 2).buffer]]);
  const [heard] = model.listeners.get('msg:custom');
  heard({id: 1, error: 'no such trial'});
  heard({id: 0, correct: [1, 0]});
  heard({id: 7, correct: [1]});
  assert.deepEqual(await answer, [1, 0]);
  await assert.rejects(wrong, /^Error: no such trial$/);
  await assert.rejects(new Kernel(new Shim({})).score([0], Float32Array.of(1)), /only Python can apply/);
  kernel.end();
});

test('a tally by group, and how it compares with what needs no network', () => {
  const tally = new Tally(world(typed).trials, {trial_type: ''});
  assert.deepEqual([tally.total, tally.accuracy, tally.done], [2, null, false]);
  tally.add({indices: [1, 0], losses: [1, 2]}, [1, 0]);
  assert.deepEqual(tally.groups, [{right: 0, n: 1}, {right: 1, n: 1}]);
  assert.deepEqual([tally.accuracy, tally.done, tally.loss], [.5, true, 3]);
  const level = levels(world(typed).trials, '');
  assert.deepEqual([level, levels(world(typed).trials, 'go')], [{silent: .5, chance: .5}, {silent: 0, chance: null}]);
  assert.equal(poorAs(.54, level), 'no better than a silent network, 50 %');
  assert.equal(poorAs(.54, {silent: 0, chance: .5}), 'no better than a constant answer, 50 %');
  assert.equal(poorAs(.6, level), '');
  assert.equal(besides(.9, 1, level), 'intact 100 %, silent network and chance 50 %');
  assert.equal(besides(.9, 1, {silent: 0, chance: .5}), 'intact 100 %, silent network 0 %, chance 50 %');
  assert.equal(besides(.5, null, level), '');
});

test('a scorer: the latest state is scored, the one before gets far enough to be seen', async () => {
  const indices = Array.from({length: 60}, (_, b) => b);
  const trials = {groups: [{name: 'a', trials: indices}], group: indices.map(() => 0)};
  const waiting = [];
  const jobs = {start: (list, {got}) => {
    const handle = {list, got, next: 0, cancelled: false, cancel: () => { handle.cancelled = true; }};
    waiting.push(handle);
    return handle;
  }};
  const seen = [];
  const app = {world: {trials}, jobs, score: ({correct}) => Promise.resolve(correct)};
  const scorer = new Scorer(app, tally => seen.push([tally.state.name, tally.n]));
  const answer = async handle => {
    const job = handle.list[handle.next++];
    handle.got({indices: job.indices, correct: job.indices.map(() => 1), losses: job.indices.map(() => 0)});
    await null;
    await null;
  };
  scorer.update({name: 'first', trial_type: ''});
  scorer.update({name: 'second', trial_type: ''});
  scorer.update({name: 'third', trial_type: ''});
  await answer(waiting[0]);
  await answer(waiting[0]);
  assert.deepEqual([waiting.length, waiting[0].cancelled], [2, true]);
  for (let k = 0; k < 6; k++) await answer(waiting[1]);
  assert.deepEqual(seen.map(([name, n]) => `${name} ${n}`), ['first 10', 'first 20', ...[10, 20, 30, 40, 50, 60].map(n => `third ${n}`)]);
  assert.deepEqual(parts([1, 2, 3], 2), [[1, 2], [3]]);
});

test('one trial of each group, as many for a frame as there is time for, in turns', () => {
  const at = world(typed);
  assert.deepEqual([groupsOfType(at.trials, ''), groupsOfType(at.trials, 'nogo')], [[0, 1], [1]]);
  const probes = new Probes(at);
  const frozen = step => { let time = 0; return () => { time += step; return time; }; };
  probes.begin(intactState(5));
  assert.equal(probes.advance(5, frozen(10)), false);
  assert.deepEqual([...probes.outputs.keys()], [0]);
  probes.begin(cutting);
  assert.equal(probes.advance(5, frozen(10)), false);
  assert.deepEqual([...probes.outputs.keys()], [0, 1]);  // what was not run goes first
  assert.equal(probes.advance(Infinity), true);
  probes.begin({...cutting, trial_type: 'nogo'});
  assert.deepEqual([...probes.outputs.keys()], [1]);
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

test('the pairing that can least be spared is the lowest mean, if it is alone there', () => {
  assert.equal(leastSpared(new Map([['E-E', [1, 1]], ['I-I', [.2, .8]], ['I-E', [.6, .6]]])), 'I-I');
  assert.equal(leastSpared(new Map([['E-E', [.51, .51]], ['I-I', [.5, .5]]])), null);
});

test('a matrix as pixels: each entry is seen, later ones lie above', () => {
  assert.deepEqual([toRGB('#0072b2'), toRGB('#fff')], [[0, 114, 178], [255, 255, 255]]);
  assert.equal(pixel([1, 2, 3], 1), 0xff030201);
  const entries = {columns: [0, 1, 1], rows: [0, 1, 1], colors: [5, 6, 7]};
  assert.deepEqual([...matrixPixels({width: 4, height: 2, N: 2, ...entries})], [5, 5, 0, 0, 0, 0, 7, 7]);
  assert.deepEqual([...matrixPixels({width: 1, height: 1, N: 2, columns: [1], rows: [1], colors: [9]})], [9]);
});

test('how many are hit is how many are listed', () => {
  const network = tiny();
  for (const site of ['all', 'by_type', 'E-E', 'I-E', 'E', 'input']) {
    for (const fraction of [0, .3, .5, 1]) {
      const state = {...cutting, site, fraction};
      assert.equal(countHits(network, state).hit, hits(network, state).indices.length);
      assert.equal(countHits(network, state).all, hits(network, {...state, fraction: 1}).indices.length);
    }
  }
});

test('jobs take turns, late ones come after all others', async () => {
  const jobs = new Jobs(world(), () => { throw new Error('none'); });
  const job = {state: {...intactState(5)}, indices: [0], seed: 0};
  const order = [];
  const start = (name, more) => new Promise(done => jobs.start([job, job], {got: () => order.push(name), done, ...more}));
  await Promise.all([start('late', {late: true}), start('a'), start('b')]);
  assert.deepEqual(order.slice(1), ['a', 'b', 'a', 'b', 'late']);
});
