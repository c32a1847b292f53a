// Which of some trials are right: a cell for each, that is looked at by a click.

import {jobsOf, ScoredJobs} from '../work/scoring.mjs';

const TRIALS = 40;  // that are scored, at most
const AT_ONCE = 5;  // trials of a job
const REST_MS = 120;

export class TrialStrip {
  // cells, share: elements; chosen(b): what a click on the cell of trial b does; done(): all are
  // scored.
  constructor(cells, share, app, {chosen, done}) {
    Object.assign(this, {cells, share, app, done});
    this.jobs = new ScoredJobs(app, {restMs: REST_MS, urgent: true});
    cells.addEventListener('click', event => {
      const {trial} = event.target.dataset;
      if (trial !== undefined) chosen(Number(trial));
    });
  }

  // numbers: of the trials that can be looked at.
  list(numbers) {
    this.numbers = numbers.slice(0, TRIALS);
    this.cells.replaceChildren(...this.numbers.map(b => cell(b)));
  }

  mark(b) {
    for (const each of this.cells.children) {
      each.classList.toggle('shown', Number(each.dataset.trial) === b);
    }
  }

  // Score the trials in a state, beside the page; what is shown stays until something is known.
  update(state) {
    this.jobs.soon(() => this.score(state));
  }

  score(state) {
    const jobs = jobsOf(state, this.numbers, AT_ONCE);
    this.found = new Map();
    this.jobs.begin(jobs.map(job => ({job})), (_, correct, {indices}) => {
      indices.forEach((b, k) => this.found.set(b, Boolean(correct[k])));
      this.show();
      if (this.found.size === this.numbers.length) this.done();
    });
  }

  show() {
    for (const each of this.cells.children) {
      const right = this.found.get(Number(each.dataset.trial));
      if (right === undefined) continue;
      each.classList.toggle('right', right);
      each.classList.toggle('wrong', !right);
    }
    const {n, right} = this.count();
    this.share.textContent = `${right} of ${n} right`;
  }

  // How many trials are scored, and how many of them are right.
  count() {
    const all = [...this.found.values()];
    return {n: all.length, right: all.filter(Boolean).length};
  }

  end() {
    this.jobs.end();
  }
}

function cell(b) {
  const element = document.createElement('i');
  element.dataset.trial = b;
  return element;
}
