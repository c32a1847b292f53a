// rate/web/work/
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {clip, forward} from '../../rate/web/network/backprop.mjs';
import {hash} from '../../rate/web/network/choose.mjs';
import {drawLearner, effectiveWeights} from '../../rate/web/network/learner.mjs';
import {makeNetwork, run} from '../../rate/web/network/network.mjs';
import {Random} from '../../rate/web/network/random.mjs';
import {isCorrect} from '../../rate/web/network/score.mjs';
import {makeTrials, groupsOfType} from '../../rate/web/network/trials.mjs';
import {intactState} from '../../rate/web/work/state.mjs';
import {N_FIRST, comparedAt, doseJobs, mean, offsetJobs, pairingJobs, sameComparison, sameCurve, summarise, worstPairing} from '../../rate/web/work/plans.mjs';
import {silentAccuracy, besides, levels, poorAs} from '../../rate/web/work/levels.mjs';
import {perform} from '../../rate/web/work/experiment.mjs';
import {Jobs} from '../../rate/web/work/jobs.mjs';
import {Probes, project, rows, silences, windows} from '../../rate/web/work/recording.mjs';
import {describe} from '../../rate/web/views/player_view.mjs';
import {unitWords} from '../../rate/web/network/units.mjs';
import {ScoredJobs, Scorer, Tally, jobsOf, parts} from '../../rate/web/work/scoring.mjs';
import {trainedData} from '../../rate/web/work/trained.mjs';
import {PULSE_START, PULSE_STOP, T, RULE, Training, makeTrial} from '../../rate/web/work/training.mjs';
import {Trainee} from '../../rate/web/work/trainee.mjs';
import {anywhere, cutting, near, steady, tiny, typed, world} from './common.mjs';


test('a job runs trials and scores them', () => {
  const idle = {...steady, fraction: 0, stop: 5};
  const {correct, losses} = perform(world(), {state: idle, indices: [1, 0, 1], seed: 0});
  const {o} = run(tiny(), world().trials.u[0], {normals: new Random(hash(0, 0))});
  near(losses[1], Math.hypot(o[0], o[1], o[2] - 1, o[3] - 1));
  assert.equal(correct[0], correct[2]);
  near(mean(Uint8Array.of(1, 0, 1)), 2 / 3);
  const kept = perform(world({scorable: false}), {state: idle, indices: [0], seed: 0});
  assert.equal(kept.correct, null);
  assert.deepEqual(kept.outputs, o);
  const short = perform(world({scorable: false}, {lengths: Int32Array.of(4, 5)}), {state: idle, indices: [0], seed: 0});
  assert.deepEqual(short.outputs, Float32Array.of(...o.slice(0, 3), 0));  // as Python has it
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

test('rows and their path in a plane', () => {
  const r = Float32Array.of(1, 2, 3, 4, 5, 6);  // two units, three steps
  assert.deepEqual(rows(r, 2), [Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6)]);
  const basis = {mean: [1, 4], axes: [1, 0, .5, -1]};
  assert.deepEqual(project(basis, r), {x: Float32Array.of(0, 1, 2), y: Float32Array.of(0, -.5, -1)});
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

test('a step and a unit in words', () => {
  const o = [[0, .1, .8, .9], [.9, 1, .2, .1]];
  const names = ['left', 'right'];
  assert.equal(describe(o, 0, 5, names), '0 ms');
  assert.equal(describe(o, 1, 5, names), '5 ms, left 0.00, right 0.90');  // output 1 belongs to step 1
  assert.equal(describe(o, 4, 5, names), '20 ms, left 0.90, right 0.10');
  const network = {inh: [0, 1, 1], som: [0, 0, 1], tau: [4, 8.6, 20], stepMs: 5};
  assert.deepEqual([0, 1, 2].map(unit => unitWords(network, unit)), ['E, tau 20 ms', 'I, tau 43 ms', 'SOM, tau 100 ms']);
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
  assert.deepEqual([trials.B, trials.T, trials.M, trials.rules[3]], [20, 200, 1, RULE]);
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
  assert.deepEqual([RULE.steps[0], RULE.steps.at(-1)], [75, 198]);
  assert.ok(isCorrect(go.z, go.z, RULE) && !isCorrect(nogo.z, go.z, RULE));
  assert.ok(isCorrect(nogo.z, nogo.z, RULE) && !isCorrect(go.z, nogo.z, RULE));
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

test('the balanced recipe: the same connections, inhibition as strong as excitation, smaller updates', () => {
  const [balanced, published] = ['balanced', 'published'].map(recipe => new Training({N: 40, seed: 3, recipe}));
  const [{learner}, before] = [balanced, published.learner];
  assert.deepEqual([learner.pre, learner.inh, learner.wIn], [before.pre, before.inh, before.wIn]);
  let scaled = 0;
  for (let i = 0; i < 40; i++) {
    const sums = [0, 0];
    for (let c = learner.start[i]; c < learner.start[i + 1]; c++) {
      sums[learner.inh[learner.pre[c]]] += learner.w[c];
      if (!learner.inh[learner.pre[c]]) assert.equal(learner.w[c], before.w[c]);
    }
    if (sums[0] && sums[1]) near(sums[0], sums[1]);
    scaled += Number(sums[0] > 0 && sums[1] > 0);
  }
  assert.ok(scaled > 30);
  assert.deepEqual([balanced.optimizer.rate, published.optimizer.rate], [.005, .01]);
  learner.w[0] = -.5;  // its size counts
  assert.equal(effectiveWeights(learner)[0], learner.sign[0] * .5);
  assert.equal(trainedData(learner, 2).file.rectifier, 'abs');
  assert.equal(trainedData(before, 2).file.rectifier, undefined);
  assert.deepEqual(new Training({N: 40, seed: 3}).learner, before);
});

test('a gradient is clipped by the norm of all its parts', () => {
  const gradient = {w: Float64Array.of(3, 0), bOut: Float64Array.of(4)};
  clip(gradient, 6);
  assert.deepEqual(gradient, {w: Float64Array.of(3, 0), bOut: Float64Array.of(4)});
  clip(gradient, .5);
  assert.ok(Math.abs(gradient.w[0] - .3) < 1e-6 && Math.abs(gradient.bOut[0] - .4) < 1e-6);
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

test('pairings are compared at the fraction of the state, or at half', () => {
  assert.equal(comparedAt(anywhere), .3);
  assert.equal(comparedAt({...anywhere, fraction: 0}), .5);
  const planned = pairingJobs(world(), anywhere);
  assert.deepEqual(planned.map(({pairing}) => pairing).slice(0, 5), ['E-E', 'E-I', 'I-E', 'I-I', 'E-E']);
  assert.deepEqual([planned.length, planned[4].job.state.site, planned[4].job.state.lesion_seed], [40, 'E-E', 1]);
  assert.equal(sameComparison({...anywhere, site: 'E', fraction: 0}, {...anywhere, fraction: .5, lesion_seed: 3}), true);
  assert.equal(sameComparison(anywhere, {...anywhere, fraction: .4}), false);
});

test('a psychometric curve has every trial at every offset', () => {
  const planned = offsetJobs(world(), anywhere);
  const trialsAt = offset => planned.filter(each => each.offset === offset).flatMap(({job}) => job.indices);
  assert.deepEqual([0, .05, .1, .2, .3, .5].map(trialsAt), Array(6).fill([0, 1]));
});

test('the pairing that can least be spared is the lowest mean, if it is alone there', () => {
  assert.equal(worstPairing(new Map([['E-E', [1, 1]], ['I-I', [.2, .8]], ['I-E', [.6, .6]]])), 'I-I');
  assert.equal(worstPairing(new Map([['E-E', [.51, .51]], ['I-I', [.5, .5]]])), null);
});

test('what a silent network gets', () => {
  assert.equal(silentAccuracy(world().trials, ''), .5);
  assert.equal(silentAccuracy(world().trials, 'go'), 0);
});

test('a trainee: a network drawn, trained in slices, paused, and trained on', context => {
  context.mock.timers.enable({apis: ['setTimeout']});
  const posted = [];
  const take = part => posted.splice(0).map(message => message[part]).filter(Boolean);
  const trainee = new Trainee(message => posted.push(message), {sliceMs: 5, restMs: 10});
  trainee.receive({command: 'begin', id: 3, options: {N: 20, seed: 1}});
  assert.ok(posted.every(({id}) => id === 3));
  assert.deepEqual(posted[0].layout.start.length, 21);
  const [drawn] = take('progress');
  assert.deepEqual([drawn.losses, drawn.tests, drawn.ended, drawn.outputs.go.length], [[], [], '', T - 1]);
  trainee.receive({command: 'go'});
  context.mock.timers.tick(10);
  const losses = take('progress').flatMap(progress => progress.losses);
  assert.ok(losses.length > 0);
  assert.deepEqual(trainee.training.losses, losses);
  trainee.receive({command: 'pause'});
  assert.equal(take('data')[0].facts.N, 20);
  context.mock.timers.tick(1000);
  assert.deepEqual(posted, []);
  trainee.receive({command: 'go'});
  losses.push(...take('progress').flatMap(progress => progress.losses));
  assert.deepEqual(trainee.training.losses, losses);
  trainee.training.ended = 'trials';
  context.mock.timers.tick(10);
  assert.deepEqual(take('data').length, 1);
  context.mock.timers.tick(1000);
  assert.deepEqual(posted, []);
});

test('an activation that the page does not have is an error that names it', () => {
  const {facts, arrays} = trainedData(drawLearner({N: 5, seed: 1}), 2);
  assert.throws(() => makeNetwork({facts: {...facts, activation: 'tanh'}, arrays}), /^Error: this page cannot run the activation 'tanh'$/);
  assert.equal(makeNetwork({facts, arrays}).damage, '');
});

test('a tally by group, and how it compares with what needs no network', () => {
  const tally = new Tally(world(typed).trials, {trial_type: ''});
  assert.deepEqual([tally.total, tally.accuracy, tally.done], [2, null, false]);
  tally.add({indices: [1, 0], losses: [1, 2]}, [1, 0]);
  assert.deepEqual(tally.groups, [{right: 0, n: 1}, {right: 1, n: 1}]);
  assert.deepEqual([tally.accuracy, tally.done, tally.loss], [.5, true, 3]);
  assert.deepEqual([tally.of([0]), tally.of([0, 1])], [{right: 0, n: 1}, {right: 1, n: 2}]);
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

test('scored jobs: what comes of those before is dropped, and where nobody can score them they end', async () => {
  const started = [];
  const jobs = {start: (list, options) => {
    const batch = {list, ...options, cancel: () => { batch.cancelled = true; }};
    started.push(batch);
    return batch;
  }};
  const runs = new ScoredJobs({jobs, score: ({correct}) => Promise.resolve(correct)}, {urgent: true});
  const got = [];
  const plan = name => jobsOf({name, seed: 4}, [0, 1], 1).map(job => ({name, job}));
  const begin = (name, late) => runs.begin(plan(name), (part, correct, {n}) => got.push([part.name, correct, n]), late);
  begin('a');
  begin('b', plan('b, late'));
  started[0].got({correct: 1, n: 0}, 0);
  started[1].got({correct: 2, n: 0}, 0);
  started[2].got({correct: 3, n: 1}, 1);
  await null;
  assert.deepEqual(got, [['b', 2, 0], ['b, late', 3, 1]]);
  assert.deepEqual(started.map(({urgent, late, cancelled}) => [urgent, late, cancelled]), [[true, undefined, true], [true, undefined, undefined], [undefined, true, undefined]]);
  assert.deepEqual(started[0].list, [0, 1].map(b => ({state: {name: 'a', seed: 4}, indices: [b], seed: 4})));
  assert.equal(runs.running, true);
  started[1].got({correct: null}, 1);
  await null;
  assert.deepEqual([runs.running, started[1].cancelled, started[2].cancelled], [false, true, true]);
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

test('jobs take turns, late ones come after all others', async () => {
  const jobs = new Jobs(world(), () => { throw new Error('none'); });
  const job = {state: {...intactState(5)}, indices: [0], seed: 0};
  const order = [];
  const start = (name, more) => new Promise(done => jobs.start([job, job], {got: () => order.push(name), done, ...more}));
  await Promise.all([start('late', {late: true}), start('a'), start('b')]);
  assert.deepEqual(order.slice(1), ['a', 'b', 'a', 'b', 'late']);
});
