// The modules of rate/web/ that need no browser: node --test .ci/web.test.mjs
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync, readdirSync} from 'node:fs';
import {test} from 'node:test';

import {range, ticks} from '../rate/web/axes.mjs';
import {choose, hash} from '../rate/web/choose.mjs';
import {color, gradient, pixels} from '../rate/web/colormap.mjs';
import {keyAction} from '../rate/web/keys.mjs';
import {inputDashes, outputDashes} from '../rate/web/lines.mjs';
import {Panel} from '../rate/web/panel.mjs';
import {Playback} from '../rate/web/playback.mjs';
import {isDark} from '../rate/web/theme.mjs';
import {decode, describe, outputNames} from '../rate/web/trial_data.mjs';
import {lightWindows, markWindows} from '../rate/web/trial_panels.mjs';

const WEB = new URL('../rate/web/', import.meta.url);
const read = name => readFileSync(new URL(name, WEB), 'utf8');
const modules = readdirSync(WEB).filter(name => name.endsWith('.mjs'));
const example = () => JSON.parse(read('trial.html').match(/id="data">([^<]*)</)[1]);
const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

test('every module is valid, and its imports exist', () => {
  for (const name of modules) {
    execFileSync(process.execPath, ['--check', new URL(name, WEB).pathname]);
    for (const [, names, from] of read(name).matchAll(/^import \{([^}]+)\} from '\.\/([^']+)';$/gm)) {
      for (const wanted of names.split(',').map(each => each.trim())) {
        assert.match(read(from), new RegExp(`^export (async function|function|class|const) ${wanted}\\b`, 'm'), `${name}: ${wanted}`);
      }
    }
  }
});

test('imports and exports have the forms that rate.widgets joins', () => {
  for (const name of modules) {
    for (const line of read(name).split('\n')) {
      if (/\bimport\b/.test(line)) assert.match(line, /^import \{[^}]+\} from '\.\/\w+\.mjs';$/, `${name}: ${line}`);
      if (/\bexport\b/.test(line)) assert.match(line, /^export (async function|function|class|const) \w+/, `${name}: ${line}`);
      assert.doesNotMatch(line, /<\/script|<!--|https?:/, `${name}: ${line}`);
    }
  }
});

test('one statement a line, no line over 100 characters', () => {
  for (const name of readdirSync(WEB)) {
    for (const line of read(name).split('\n')) {
      assert.ok(line.length <= 100, `${name}: ${line}`);
      const code = line.replace(/\/\/.*|for \(.*\)/, '');
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

test('the data of the example', () => {
  const trial = decode(example());
  assert.deepEqual([trial.T, trial.N, trial.NE, trial.u.length, trial.o.length, trial.z.length], [5, 3, 2, 2, 2, 2]);
  assert.deepEqual(trial.times, [0, 5, 10, 15, 20]);
  assert.deepEqual(trial.outputTimes, [5, 10, 15, 20]);
  assert.deepEqual(trial.r[0], [0, .4, .8, .4, .2]);
  assert.deepEqual(trial.path, {x: [-1, -.5, 0, .5, 1], y: [0, 1, .5, -.5, -1]});
  assert.deepEqual(trial.windows, [{from: 5, to: 15, what: 'silence I, 5 to 15 ms'}]);
});

test('windows end with the trial and are drawn in their order', () => {
  const windows = [[15, 25, 'b'], [0, 10, 'a']];
  const trial = decode({...example(), windows});
  assert.deepEqual(trial.windows, [{from: 15, to: 20, what: 'b'}, {from: 0, to: 10, what: 'a'}]);
  assert.deepEqual(decode({...example(), windows: []}).windows, []);
  const drawn = [];
  const panel = {
    colors: {light: 'yellow', soft: 'grey'},
    style: color => drawn.push(color),
    band: (from, to) => drawn.push(['band', from, to]),
    bar: (from, to) => drawn.push(['bar', from, to]),
  };
  lightWindows(panel, trial);
  markWindows(panel, trial);
  assert.deepEqual(drawn, ['yellow', ['band', 15, 20], ['band', 0, 10],
                           'grey', ['bar', 15, 20], ['bar', 0, 10]]);
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

test('a step in words: output 1 belongs to step 1, each output is named', () => {
  const trial = decode(example());
  assert.equal(describe(trial, 0), '0 ms');
  assert.equal(describe(trial, 1), '5 ms, output 0.00 0.90');
  assert.equal(describe(trial, 4), '20 ms, output 0.90 0.10');
  assert.equal(describe(decode({...example(), o: [[0, .1, .8, .9]]}), 3), '15 ms, output 0.80');
  assert.deepEqual(outputNames(1), ['output']);
  assert.deepEqual(outputNames(3), ['output 0', 'output 1', 'output 2']);
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
  assert.deepEqual([...pixels([[0, 2], [1, 2]], 2)],
    [68, 1, 84, 255, 253, 231, 37, 255, 33, 145, 140, 255, 253, 231, 37, 255]);
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
  assert.equal(keyAction(' ', 'INPUT'), 'toggle');
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

test('a lesion seed is the same lesion as in Python', () => {  // the numbers of nbs/04_interventions.ipynb
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
