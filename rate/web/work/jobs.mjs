// Jobs of experiment.mjs, one after the other, beside the page where a worker can be made, and else
// between its frames. What the reader waits for goes first.

import {Performer} from './experiment.mjs';
import {Thread} from './thread.mjs';

const AHEAD = 2;  // jobs that wait in the worker, so that it is never idle

export class Jobs {
  // makeWorker(): a Worker that runs worker.mjs; it may throw.
  constructor(world, makeWorker) {
    this.batches = [];
    this.sent = new Map();
    this.nextId = 0;
    const makeHere = post => new Performer(post);
    this.thread = new Thread(makeWorker, makeHere, ({id, result}) => this.answered(id, result));
    this.thread.send({world});
  }

  // jobs: a list; got(result, k): for each as it comes; done(): at the end. The handle's cancel()
  // ends it. urgent: before all others; late: after all others. The rest take turns.
  start(jobs, {got, done = () => {}, urgent = false, late = false}) {
    const rank = 1 + Number(late) - Number(urgent);
    const batch = {rank, jobs, got, done, next: 0, left: jobs.length, cancelled: false};
    if (urgent) this.batches.unshift(batch);
    else this.batches.push(batch);
    this.pump();
    return {cancel: () => this.cancel(batch)};
  }

  cancel(batch) {
    batch.cancelled = true;
    this.remove(batch);
  }

  remove(batch) {
    this.batches = this.batches.filter(other => other !== batch);
  }

  pump() {
    const ahead = this.thread.worker ? AHEAD : 1;
    while (this.batches.length && this.sent.size < ahead) this.send(this.takeTurn());
  }

  // The batch whose turn it is, which then stands behind the others.
  takeTurn() {
    const first = Math.min(...this.batches.map(batch => batch.rank));
    const batch = this.batches.find(({rank}) => rank === first);
    if (first > 0) {
      this.remove(batch);
      this.batches.push(batch);
    }
    return batch;
  }

  send(batch) {
    const k = batch.next;
    const id = this.nextId;
    batch.next += 1;
    this.nextId += 1;
    if (batch.next === batch.jobs.length) this.remove(batch);
    this.sent.set(id, {batch, k});
    this.thread.send({id, job: batch.jobs[k]});
  }

  answered(id, result) {
    const sent = this.sent.get(id);
    this.sent.delete(id);
    this.pump();
    if (!sent || sent.batch.cancelled) return;
    const {batch, k} = sent;
    batch.got(result, k);
    batch.left -= 1;
    if (batch.left === 0) batch.done();
  }

  end() {
    this.batches = [];
    this.sent.clear();
    this.thread.end();
  }
}
