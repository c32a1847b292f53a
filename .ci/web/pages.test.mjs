// rate/web/pages/
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {givenName} from '../../rate/web/network/network.mjs';
import {App, History} from '../../rate/web/pages/app.mjs';
import {Playback, keyAction} from '../../rate/web/pages/playback.mjs';
import {Shim, hasAddress, readAddress, writeAddress} from '../../rate/web/pages/shim.mjs';
import {hitWords} from '../../rate/web/views/controls.mjs';
import {asCode, inWords} from '../../rate/web/work/action.mjs';
import {Kernel} from '../../rate/web/work/kernel.mjs';
import {besides} from '../../rate/web/work/levels.mjs';
import {check, fromText, intactState, siteGroups, toText} from '../../rate/web/work/state.mjs';
import {cutting, near, tiny, typed, world} from './common.mjs';

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
  const listed = at => siteGroups(at).flatMap(({sites}) => sites.map(([site]) => site));
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

test('a network that came with a lesion is not called intact, and says what was done to it', () => {
  const at = world(typed);
  const network = {...at.network, damage: '661 of 2,650 connections severed'};
  const facts = {N: 3, T: 5, step_ms: 5, effects: [], n_trials: 50, damage: network.damage};
  assert.equal(inWords(intactState(5), facts), 'as given (661 of 2,650 connections severed)');
  assert.equal(inWords(cutting, facts), 'as given (661 of 2,650 connections severed); 40 % of I-E weights times 0');
  assert.deepEqual([givenName(network), givenName(at.network)], ['as given', 'intact']);
  assert.deepEqual([hitWords(network, intactState(5)), hitWords(at.network, intactState(5))], ['as given', 'intact']);
  assert.equal(besides(.9, .52, {silent: 0, chance: .5}, givenName(network)), 'as given 52 %, silent network 0 %, chance 50 %');
  assert.match(asCode(cutting, facts), /^# net as given: 661 of 2,650 connections severed\nfrom rate.interventions import strengthen\n/);
});

test('an address is one where the page is alone, and no server of notebooks', () => {
  const page = {location: {protocol: 'https:', host: 'a.org'}, parent: globalThis, document: {querySelector: () => null}};
  assert.equal(hasAddress(page), true);
  assert.equal(hasAddress({...page, location: {protocol: 'file:', host: ''}}), true);
  for (const protocol of ['blob:', 'about:', 'data:']) assert.equal(hasAddress({...page, location: {protocol, host: ''}}), false);
  assert.equal(hasAddress({...page, parent: {}}), false);  // in a frame
  assert.equal(hasAddress({...page, document: {querySelector: () => ({})}}), false);  // JupyterLab, Notebook, Voila
});

test('undo and redo: a gesture is one step, a new state ends what was undone', () => {
  const history = new History('a');
  assert.deepEqual([history.canUndo, history.undo(), history.redo()], [false, 'a', 'a']);
  for (const state of ['b', 'c', 'd']) history.push(state, 'slider');
  history.endGesture();
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
