// Which of some trials are right: a cell for each, that is looked at by a click.

import {parts} from '../work/scorer.mjs';

const TRIALS = 40;  // that are scored, at most
const AT_ONCE = 5;  // trials of a job
const REST_MS = 120;  // without a change before trials are scored: a slider that moves has many

export class Verdicts {
  // cells, share: elements; chosen(b): what a click on the cell of trial b does; done(): all are
  // scored.
  constructor(cells, share, app, {chosen, done}) {
    Object.assign(this, {cells, share, app, done});
    this.handle = null;
    this.found = null;
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
    this.end();
    this.timer = setTimeout(() => this.score(state), REST_MS);
  }

  score(state) {
    const jobs = parts(this.numbers, AT_ONCE)
      .map(indices => ({state, indices, seed: state.seed}));
    this.found = new Map();
    const {found} = this;
    const got = result => this.app.score(result).then(correct => {
      if (found !== this.found || correct === null) return;
      result.indices.forEach((b, k) => found.set(b, Boolean(correct[k])));
      this.show(found);
      if (found.size === this.numbers.length) this.done();
    });
    this.handle = this.app.jobs.start(jobs, {got, urgent: true});
  }

  show(found) {
    for (const each of this.cells.children) {
      const right = found.get(Number(each.dataset.trial));
      if (right !== undefined) each.className = className(right, each.classList.contains('shown'));
    }
    this.share.textContent = inWords(this.count());
  }

  // How many trials are scored, and how many of them are right.
  count() {
    const verdicts = [...this.found.values()];
    return {n: verdicts.length, right: verdicts.filter(Boolean).length};
  }

  end() {
    clearTimeout(this.timer);
    this.found = null;
    this.handle?.cancel();
  }
}

function cell(b) {
  const element = document.createElement('i');
  element.dataset.trial = b;
  return element;
}

function className(right, shown) {
  const verdict = right ? 'right' : 'wrong';
  return shown ? `${verdict} shown` : verdict;
}

export function inWords({n, right}) {
  return `${right} of ${n} right`;
}
