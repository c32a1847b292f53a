// What only Python knows: whether outputs are right by a task's own rule.

const WAIT_MS = 8000;
const NOBODY = 'This task has its own rule of what is right, which only Python can apply: '
  + 'accuracies are shown where a notebook runs it.';

export class Kernel {
  constructor(model) {
    this.model = model;
    this.asked = new Map();  // id -> {resolve, reject, timer}
    this.nextId = 0;
    this.onMessage = message => this.answered(message);
    model.on('msg:custom', this.onMessage);
  }

  // indices: of trials; outputs: Float32Array of all of them. Promise of a list of 0 and 1.
  score(indices, outputs) {
    if (this.model.alone) return Promise.reject(new Error(NOBODY));
    const id = this.nextId;
    this.nextId += 1;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.answered({id, error: NOBODY}), WAIT_MS);
      this.asked.set(id, {resolve, reject, timer});
      this.model.send({ask: 'score', id, trials: indices}, undefined, [outputs.buffer]);
    });
  }

  answered({id, correct, error}) {
    const asked = this.asked.get(id);
    if (!asked) return;
    this.asked.delete(id);
    clearTimeout(asked.timer);
    if (error === undefined) asked.resolve(correct);
    else asked.reject(new Error(error));
  }

  end() {
    for (const {timer} of this.asked.values()) clearTimeout(timer);
    this.model.off('msg:custom', this.onMessage);
  }
}
