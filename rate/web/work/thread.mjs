// What works beside the page: a worker, or where none can start the page itself between its frames.

export class Thread {
  // makeWorker(): a Worker; it may throw. makeHere(post): what does the same in the page: receive()
  // takes a message, and post(message) answers. received(message): of either.
  constructor(makeWorker, makeHere, received) {
    Object.assign(this, {makeHere, received});
    this.sent = [];  // until the worker answers
    try {
      this.worker = makeWorker();
      this.worker.onmessage = event => this.answered(event.data);
      this.worker.onerror = () => this.goOnHere();
    } catch {
      this.goOnHere();
    }
  }

  answered(message) {
    this.sent = null;
    this.received(message);
  }

  // A worker that cannot start has done nothing: all that it was told is told again.
  goOnHere() {
    this.worker = null;
    this.here = this.makeHere(this.received);
    for (const message of this.sent ?? []) this.send(message);
  }

  send(message) {
    if (this.worker) {
      this.sent?.push(message);
      this.worker.postMessage(message);
    } else {
      setTimeout(() => this.here.receive(message));
    }
  }

  end() {
    this.worker?.terminate();
  }
}
