// How many trials a state gets right, group by group, beside the page.

import {trialsOfType} from '../network/trials.mjs';

const AT_ONCE = 10;  // trials of a job
const QUICK = 20;  // trials after which a newer state goes first

// Parts of a list, each of `size` items, the last of what is left.
export function parts(list, size) {
  const count = Math.ceil(list.length / size);
  return Array.from({length: count}, (_, k) => list.slice(k * size, (k + 1) * size));
}

// What is known of a state: right and n of each group, and of all; the sum of the losses.
export class Tally {
  constructor(trials, state) {
    this.trials = trials;
    this.state = state;
    this.total = trialsOfType(trials, state.trial_type).length;
    this.groups = trials.groups.map(() => ({right: 0, n: 0}));
    this.n = 0;
    this.right = 0;
    this.loss = 0;
  }

  add({indices, losses}, correct) {
    indices.forEach((b, k) => {
      const group = this.groups[this.trials.group[b]];
      group.n += 1;
      group.right += Number(correct[k]);
      this.n += 1;
      this.right += Number(correct[k]);
      this.loss += losses[k];
    });
  }

  get done() {
    return this.n === this.total;
  }

  get accuracy() {
    return this.n === 0 ? null : this.right / this.n;
  }
}

// Keeps up with a state that moves: the latest one is scored, but the one before gets so far that
// something is seen.
export class Scorer {
  // got(tally) is called each time that more is known.
  constructor(app, got) {
    Object.assign(this, {app, got});
    this.running = null;
  }

  update(state) {
    this.wanted = state;
    if (!this.running || this.running.n >= QUICK) this.begin();
  }

  begin() {
    this.handle?.cancel();
    const state = this.wanted;
    const {trials} = this.app.world;
    const tally = new Tally(trials, state);
    const indices = trialsOfType(trials, state.trial_type);
    const jobs = parts(indices, AT_ONCE).map(part => ({state, indices: part, seed: state.seed}));
    this.running = tally;
    this.handle = this.app.jobs.start(jobs, {
      got: result => this.add(tally, result),
      urgent: true,
    });
  }

  add(tally, result) {
    this.app.score(result).then(correct => {
      if (tally !== this.running) return;
      if (correct === null) {
        this.running = null;
        this.handle.cancel();
        return;
      }
      tally.add(result, correct);
      this.got(tally);
      if (tally.done) this.running = null;
      if (this.wanted !== tally.state && (tally.done || tally.n >= QUICK)) this.begin();
    });
  }

  end() {
    this.handle?.cancel();
    this.running = null;
  }
}
