// rate/web/network/
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {countOf} from '../../rate/web/network/choose.mjs';
import {countHits, factors, hits, lesionEffect} from '../../rate/web/network/effects.mjs';
import {drawLearner, effectiveWeights, timeConstants} from '../../rate/web/network/learner.mjs';
import {run} from '../../rate/web/network/network.mjs';
import {Random} from '../../rate/web/network/random.mjs';
import {isCorrect, limits, loss} from '../../rate/web/network/score.mjs';
import {toggleUnit, unitsSilenced, parseUnits, unitsText} from '../../rate/web/network/units.mjs';
import {resized, trialWords, trialsByFact, withOffset} from '../../rate/web/network/trials.mjs';
import {cutting, steady, tiny, world} from './common.mjs';

test('a fraction counts as the decimal that was typed, halves up', () => {  // the numbers of nbs/05_interventions.ipynb
  const cases = [[.29, 50, 15], [.57, 50, 29], [.145, 100, 15], [1 / 6, 3, 0], [1e-7, 5e6, 1], [.1 + .2, 5, 2], [1, 7, 7], [0, 7, 0]];
  for (const [fraction, size, count] of cases) assert.equal(countOf(fraction, size), count);
  const grid = [1, 7, 50, 200, 1545, 40000].flatMap(size => Array.from({length: 1001}, (_, k) => countOf(k / 1000, size)));
  assert.equal(grid.reduce((sum, count) => sum + count), 20922430);
});

const input = Float32Array.of(0, 1, 1, 0, -1, 0);

test('a silenced unit is silent at once, and comes back', () => {
  const effect = lesionEffect(tiny(), {...steady, site: 'units', units: '1', start: 3, stop: 5});
  const {r} = run(tiny(), input, {effects: [effect], rates: true});
  assert.deepEqual(Array.from(r.slice(6, 12), rate => rate === 0), [false, false, false, true, true, false]);
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

test('hits are in the order of the connections', () => {
  const network = tiny();
  assert.deepEqual(hits(network, {...steady, site: 'I-E'}), {part: 'w', indices: [1, 3]});
  assert.deepEqual(hits(network, {...steady, site: 'I', fraction: 1}), {part: 'gain', indices: [2]});
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

test('the limits of a correct trial', () => {
  const {trials} = world();
  assert.deepEqual(limits(trials.z[0], trials.rules[0]), {from: 2, to: 4, reach: .7});
  assert.deepEqual(limits(trials.z[1], trials.rules[1]), {from: 2, to: 4, low: -.3, high: .3});
});

test('a trial ends at its own length, and is judged in its own window', () => {
  const {trials} = world({}, {lengths: Int32Array.of(4, 5), window: Uint8Array.of(0, 0, 1, 0, 1, 0, 0, 1), mask: Float32Array.of(1, 1, 4, 0, 1, 1, 1, 0)});
  assert.deepEqual([trials.u[0], trials.z[0], trials.mask[0]], [Float32Array.of(0, 1, 1, 0), Float32Array.of(0, 0, 1), Float32Array.of(1, 1, 4)]);
  assert.deepEqual(trials.rules.map(({steps}) => steps), [[2], [0, 3]]);
  assert.deepEqual(limits(trials.z[0], trials.rules[0]), {from: 2, to: 3, reach: .7});
  const {o} = run(tiny(), trials.u[0]);
  assert.deepEqual(o, run(tiny(), world().trials.u[0]).o.slice(0, 3));
  assert.ok(isCorrect(Float32Array.of(9, 9, .8), trials.z[0], trials.rules[0]));
  assert.ok(isCorrect(Float32Array.of(.2, 9, 9, .2), trials.z[1], trials.rules[1]));
  assert.ok(!isCorrect(Float32Array.of(.4, 0, 0, .2), trials.z[1], trials.rules[1]));
  assert.ok(!isCorrect(Float32Array.of(NaN, 9, .8), trials.z[0], trials.rules[0]));
  assert.equal(loss(Float32Array.of(2, 0, 0), trials.z[0], trials.mask[0]), Math.sqrt(8));
  assert.equal(loss(Float32Array.of(0, 0, 0, NaN), trials.z[1], trials.mask[1]), 0);
});

test('a choice: the output of the highest target is above all others by a margin', () => {
  const rule = {M: 3, steps: [1, 2], margin: .5};
  const z = Float32Array.of(0, 0, 0, 0, 1, 1, 0, 0, 0);
  const choice = (...o) => isCorrect(Float32Array.of(9, ...o.slice(0, 2), 9, ...o.slice(2, 4), 9, ...o.slice(4)), z, rule);
  assert.deepEqual([choice(0, 0, .4, 1, 0, .2), choice(.5, .5, 1, 1, 0, 0), choice(0, 0, 1, 1, .6, .6), choice(NaN, 0, 1, 1, 0, 0)], [true, false, false, false]);
  assert.equal(limits(z, rule), null);
});

test('rows of another length: cut, and with zeros behind', () => {
  const two = Float32Array.of(1, 2, 3, 4);
  assert.equal(resized(two, 2, 2), two);
  assert.deepEqual(resized(two, 2, 1), Float32Array.of(1, 3));
  assert.deepEqual(resized(two, 2, 3), Float32Array.of(1, 2, 0, 3, 4, 0));
});

test('a trial in words: its group, and facts that differ in it', () => {
  assert.equal(trialWords(world().trials, 1), 'nogo');
  const {trials} = world({words: ['', 'delay 40']});
  assert.deepEqual([0, 1].map(b => trialWords(trials, b)), ['go', 'nogo, delay 40']);
  const facts = {delay: ['100', '40'], side: ['left', 'left']};
  assert.deepEqual(trialsByFact(world({facts}).trials, '', 'delay'), [['40', [1]], ['100', [0]]]);
  assert.deepEqual(trialsByFact(world({facts}).trials, 'go', 'side'), [['left', [0]]]);
});

test('streams of another mean', () => {
  assert.deepEqual(withOffset(world().trials, 0, 2.5), Float32Array.of(0, 3, -1, 0, 0));
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
