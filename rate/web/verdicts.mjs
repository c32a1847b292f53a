// Which of some trials are right: a cell for each, that is looked at by a click.

const TRIALS = 40;  // that are scored, at most
const AT_ONCE = 5;  // trials of a job
const REST_MS = 120;  // without a change before trials are scored: a slider that moves has many

export class Verdicts {
  // cells, share: elements; chosen(b): what a click on the cell of trial b does.
  constructor(cells, share, app, chosen) {
    Object.assign(this, {cells, share, app});
    this.handle = null;
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
    const jobs = split(this.numbers, AT_ONCE).map(indices => ({state, indices, seed: state.seed}));
    const found = new Map();
    const got = result => {
      result.indices.forEach((b, k) => found.set(b, result.correct?.[k] ?? null));
      this.show(found);
    };
    this.handle = this.app.jobs.start(jobs, {got, urgent: true});
  }

  show(found) {
    for (const each of this.cells.children) {
      const right = found.get(Number(each.dataset.trial));
      if (right !== undefined) each.className = className(right, each.classList.contains('shown'));
    }
    this.share.textContent = inWords([...found.values()]);
  }

  end() {
    clearTimeout(this.timer);
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

// Parts of a list, each of `size` items, the last of what is left.
export function split(list, size) {
  const count = Math.ceil(list.length / size);
  return Array.from({length: count}, (_, k) => list.slice(k * size, (k + 1) * size));
}

// How many of some trials are right: 1, 0, or null where the page cannot tell.
export function inWords(verdicts) {
  if (verdicts.includes(null)) return 'not scored here';
  const right = verdicts.reduce((sum, one) => sum + one, 0);
  return `lesioned right in ${right} of ${verdicts.length} trials`;
}
