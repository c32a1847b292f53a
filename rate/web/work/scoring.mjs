// Trials that are run and scored beside the page, and how many of them are right.

import {trialsOfType} from '../network/trials.mjs';

const AT_ONCE = 10;  // trials of a job
const QUICK = 20;  // trials after which a newer state goes first

// Parts of a list, each of `size` items, the last of what is left.
export function parts(list, size) {
  const count = Math.ceil(list.length / size);
  return Array.from({length: count}, (_, k) => list.slice(k * size, (k + 1) * size));
}

// Jobs of experiment.mjs that run a state on trials, `size` of them in each.
export function jobsOf(state, indices, size = indices.length) {
  return parts(indices, size).map(part => ({state, indices: part, seed: state.seed}));
}

// Runs jobs and scores them. Whatever comes late, of jobs before the present ones, is dropped.
export class ScoredJobs {
  // restMs: without a change before jobs begin: a slider that moves has many; urgent: see Jobs.
  constructor(app, {restMs = 0, urgent = false} = {}) {
    Object.assign(this, {app, restMs, urgent});
    this.handles = [];
  }

  // Begin jobs in place of those before. planned: a list of {job, ...}; late: more of them, when
  // all other work is done. got({job, ...}, correct, result) is called for each as it comes; where
  // nobody can say what is correct, they end.
  begin(planned, got, late = []) {
    this.end();
    this.start(planned, got, {urgent: this.urgent});
    if (late.length) this.start(late, got, {late: true});
  }

  start(planned, got, options) {
    const {app, handles} = this;
    handles.push(app.jobs.start(planned.map(({job}) => job), {
      ...options,
      got: (result, k) => app.score(result).then(correct => {
        if (handles !== this.handles) return;
        if (correct === null) this.end();
        else got(planned[k], correct, result);
      }),
    }));
  }

  // Call begin() once nothing has changed for a while.
  soon(begin) {
    this.end();
    this.timer = setTimeout(begin, this.restMs);
  }

  get running() {
    return this.handles.length > 0;
  }

  end() {
    clearTimeout(this.timer);
    for (const handle of this.handles) handle.cancel();
    this.handles = [];
  }
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
    this.verdicts = new Map();  // trial -> whether it is right
  }

  add({indices, losses}, correct) {
    indices.forEach((b, k) => {
      const group = this.groups[this.trials.group[b]];
      this.verdicts.set(b, Boolean(correct[k]));
      group.n += 1;
      group.right += Number(correct[k]);
      this.n += 1;
      this.right += Number(correct[k]);
      this.loss += losses[k];
    });
  }

  // How many of some trials are scored, and how many of them are right.
  of(numbers) {
    const known = numbers.filter(b => this.verdicts.has(b));
    return {n: known.length, right: known.filter(b => this.verdicts.get(b)).length};
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
    this.jobs = new ScoredJobs(app, {urgent: true});
  }

  update(state) {
    this.wanted = state;
    if (!this.jobs.running || this.isSeen) this.begin();
  }

  // Whether enough is known of the state that is scored.
  get isSeen() {
    return this.tally.done || this.tally.n >= QUICK;
  }

  begin() {
    const {trials} = this.app.world;
    const tally = new Tally(trials, this.wanted);
    this.tally = tally;
    const jobs = jobsOf(tally.state, trialsOfType(trials, tally.state.trial_type), AT_ONCE);
    this.jobs.begin(jobs.map(job => ({job})), (_, correct, result) => {
      tally.add(result, correct);
      this.got(tally);
      if (this.wanted !== tally.state && this.isSeen) this.begin();
    });
  }

  end() {
    this.jobs.end();
  }
}
