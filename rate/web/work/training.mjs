// Training on Go-NoGo until the criterion of the paper: one trial an update, and every 100 trials a
// test on 100 fresh ones.

import {Adam, backward, clip, forward, lossOf} from '../network/backprop.mjs';
import {hash} from '../network/choose.mjs';
import {drawLearner} from '../network/learner.mjs';
import {Random} from '../network/random.mjs';
import {isCorrect} from '../network/score.mjs';

// In steps of 5 ms: a trial, and the pulse that says go.
export const T = 200;
export const PULSE_START = 50;
export const PULSE_STOP = 75;
// The outputs that are targeted and scored, in the form that score.mjs asks for.
export const RULE = {
  M: 1,
  steps: Array.from({length: T - 1 - PULSE_STOP}, (_, j) => PULSE_STOP + j),
  answer: .7,
  silence: .3,
  margin: null,
};

export const MAX_LOSS = 7;  // of a test that meets the criterion
export const MIN_ACCURACY = .95;
export const MAX_TRIALS = 6000;
// The recipes of rate.studies: how weights begin, what becomes of strengths below 0, the largest
// norm of a gradient, and the learning rate.
export const RECIPES = {
  balanced: {begin: 'balanced', rectifier: 'abs', clip: .3, rate: .005},
  published: {begin: 'published', rectifier: 'relu', clip: Infinity, rate: .01},
};
const TEST_EVERY = 100;  // trials
const TEST_SIZE = 100;

// The input and the target of a go or a nogo trial.
export function makeTrial(go) {
  const u = new Float32Array(T);
  const z = new Float32Array(T - 1);
  if (go) {
    u.fill(1, PULSE_START, PULSE_STOP);
    z.fill(1, PULSE_STOP);
  }
  return {go, u, z};
}

// What a network does in a go or a nogo trial without noise.
function quietOutput(learner, go) {
  const {N} = learner;
  return forward(learner, makeTrial(go).u, new Float64Array(N), new Float64Array(T * N)).o;
}

export class Training {
  // options: see drawLearner; recipe: a name in RECIPES. A seed gives the same training each time.
  constructor({recipe = 'published', ...options}) {
    this.recipe = RECIPES[recipe];
    const {begin, rectifier} = this.recipe;
    this.learner = drawLearner({...options, begin, rectifier});
    const {w, wOut, bOut, tausGaus} = this.learner;
    this.optimizer = new Adam({w, wOut, bOut, tausGaus}, this.recipe.rate);
    this.random = new Random(hash(options.seed, 0));  // of trials and noise
    this.losses = [];  // one for each update
    this.tests = [];  // [{trials: before it, loss: mean, accuracy: 0 to 1}]
    this.test = null;  // one that is not complete: {n, right, loss}
    this.outputs = {  // of the last trial of each type
      go: quietOutput(this.learner, true),
      nogo: quietOutput(this.learner, false),
    };
    this.ended = '';  // why: 'criterion', 'trials' (no more allowed) or 'diverged'
  }

  // One more trial, to learn from or to test.
  next() {
    if (this.ended) return;
    if (this.test) this.testOne();
    else this.learnOne();
  }

  // A fresh trial: what it is, what the network did, and its loss.
  run() {
    const {N, noise, initNoise} = this.learner;
    const trial = makeTrial(this.random.uniform() < .5);
    const x0 = new Float64Array(N);
    const xi = new Float64Array(T * N);
    this.random.fill(x0, initNoise);
    this.random.fill(xi, noise);
    const course = forward(this.learner, trial.u, x0, xi);
    this.outputs[trial.go ? 'go' : 'nogo'] = course.o;
    return {trial, course, ...lossOf(course.o, trial.z)};
  }

  learnOne() {
    const {course, loss, slopes} = this.run();
    if (!Number.isFinite(loss)) {
      this.ended = 'diverged';
      return;
    }
    const gradient = backward(this.learner, course, slopes);
    clip(gradient, this.recipe.clip);
    this.optimizer.step(gradient);
    this.losses.push(loss);
    if (this.losses.length % TEST_EVERY === 0) this.test = {n: 0, right: 0, loss: 0};
  }

  testOne() {
    const {trial, course, loss} = this.run();
    this.test.n += 1;
    this.test.right += Number(isCorrect(course.o, trial.z, RULE));
    this.test.loss += loss;
    if (this.test.n === TEST_SIZE) this.endTest();
  }

  endTest() {
    const trials = this.losses.length;
    const loss = this.test.loss / TEST_SIZE;
    const accuracy = this.test.right / TEST_SIZE;
    this.tests.push({trials, loss, accuracy});
    this.test = null;
    if (loss < MAX_LOSS && accuracy >= MIN_ACCURACY) this.ended = 'criterion';
    else if (trials >= MAX_TRIALS) this.ended = 'trials';
  }
}
