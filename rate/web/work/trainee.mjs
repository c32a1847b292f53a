// A training in slices of time, so that what runs it, a worker or the page itself, can listen in
// between. Commands to it: 'begin' draws a network, 'go' trains it, 'pause' rests. Messages from
// it all have the id of their network; they hold its layout, the progress of its training, or, at
// each rest, its data for the explorer.

import {effectiveWeights} from '../network/learner.mjs';
import {trainedData} from './trained.mjs';
import {Training} from './training.mjs';

export class Trainee {
  // post(message): tell the view. sliceMs: of training; restMs: between two slices.
  constructor(post, {sliceMs, restMs}) {
    Object.assign(this, {post, sliceMs, restMs});
    this.timer = null;
  }

  // options: of Training, for 'begin'.
  receive({command, id, options}) {
    clearTimeout(this.timer);
    if (command === 'begin') this.begin(id, options);
    else if (command === 'go') this.slice();
    else if (!this.training.ended) this.rest();
  }

  begin(id, options) {
    this.id = id;
    this.training = new Training(options);
    this.told = 0;  // losses that the view knows
    const {N, inh, start, pre} = this.training.learner;
    this.post({id, layout: {N, inh, start, pre}});
    this.tell();
  }

  slice() {
    const until = performance.now() + this.sliceMs;
    while (!this.training.ended && performance.now() < until) this.training.next();
    this.tell();
    if (this.training.ended) this.rest();
    else this.timer = setTimeout(() => this.slice(), this.restMs);
  }

  tell() {
    const {losses, tests, test, outputs, ended, learner} = this.training;
    const weights = Float32Array.from(effectiveWeights(learner));
    const tested = test ? test.n : 0;  // trials of a test that is not complete
    const progress = {losses: losses.slice(this.told), tests, tested, outputs, ended, weights};
    this.told = losses.length;
    this.post({id: this.id, progress});
  }

  rest() {
    this.post({id: this.id, data: trainedData(this.training.learner)});
  }
}
