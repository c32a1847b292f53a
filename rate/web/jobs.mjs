// Jobs of experiment.mjs, one after the other, beside the page where a worker can be made, and else
// between its frames. Those started later go first: they are what the reader waits for.

import {perform} from './experiment.mjs';

const AHEAD = 2;  // jobs that wait in the worker, so that it is never idle

export class Jobs {
  // makeWorker(): a Worker that runs worker.mjs; it may throw.
  constructor(world, makeWorker) {
    this.world = world;
    this.batches = [];
    this.sent = new Map();
    this.nextId = 0;
    this.worker = null;
    try {
      this.worker = makeWorker();
      this.worker.onmessage = event => this.answered(event.data.id, event.data.result);
      this.worker.onerror = () => this.goOnAlone();
      this.worker.postMessage({world});
    } catch {
      this.worker = null;
    }
  }

  // jobs: a list; got(result, k): for each as it comes; done(): at the end. The handle's cancel()
  // ends it. urgent: before all others.
  start(jobs, {got, done = () => {}, urgent = false}) {
    const batch = {jobs, got, done, next: 0, left: jobs.length, cancelled: false};
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
    const ahead = this.worker ? AHEAD : 1;
    while (this.batches.length && this.sent.size < ahead) this.send(this.batches[0]);
  }

  send(batch) {
    const k = batch.next;
    const id = this.nextId;
    batch.next += 1;
    this.nextId += 1;
    if (batch.next === batch.jobs.length) this.remove(batch);
    this.sent.set(id, {batch, k});
    if (this.worker) this.worker.postMessage({id, job: batch.jobs[k]});
    else setTimeout(() => this.answered(id, perform(this.world, batch.jobs[k])));
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

  // A worker that cannot start is not waited for.
  goOnAlone() {
    this.worker = null;
    const waiting = [...this.sent.entries()];
    for (const [id, {batch, k}] of waiting) {
      setTimeout(() => this.answered(id, perform(this.world, batch.jobs[k])));
    }
  }

  end() {
    this.batches = [];
    this.sent.clear();
    this.worker?.terminate();
  }
}
