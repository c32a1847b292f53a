// Which pairing can the network least spare? Each is cut by the same fraction, in ten draws.

import {accuracy} from '../work/experiment.mjs';
import {PAIRINGS, pairingOf} from '../network/effects.mjs';
import {trialsOfType} from '../network/trials.mjs';

const REST_MS = 250;
const N_DRAWS = 10;
const N_TRIALS = 20;
const FRACTION = .5;  // where the reader lesions nothing

// The fraction that pairings are compared at, in a state.
export function comparedAt(state) {
  return state.fraction || FRACTION;
}

// What the comparison depends on, as text.
function keyOf(state) {
  const {scale, start, stop, seed, trial_type: type} = state;
  return JSON.stringify([comparedAt(state), scale, start, stop, seed, type]);
}

// The jobs of a comparison, draw by draw: {pairing, job}.
export function spareJobs(world, state) {
  const indices = trialsOfType(world.trials, state.trial_type).slice(0, N_TRIALS);
  const draws = Array.from({length: N_DRAWS}, (_, draw) => draw);
  return draws.flatMap(draw => PAIRINGS.map(pairing => ({
    pairing,
    job: {
      state: {...state, site: pairing, fraction: comparedAt(state), lesion_seed: draw},
      indices,
      seed: state.seed,
    },
  })));
}

const average = values => values.reduce((sum, value) => sum + value, 0) / values.length;
const ALIKE = .02;  // means that are so close are not told apart

// The pairing whose lesions leave the lowest accuracy, of Map(pairing -> accuracies); null where
// another one leaves as little.
export function leastSpared(found) {
  const means = [...found].map(([pairing, values]) => [average(values), pairing]);
  const [first, second] = means.sort((a, b) => a[0] - b[0]);
  const alone = !second || second[0] - first[0] > ALIKE;
  return alone ? first[1] : null;
}

function verdict(least) {
  return least ? `The network can least spare ${least}.` : 'None is worse than all others.';
}

export class SpareView {
  constructor(parent, app) {
    this.app = app;
    this.box = document.createElement('div');
    this.box.className = 'spare';
    this.box.setAttribute('role', 'group');
    this.title = document.createElement('p');
    this.box.append(this.title);
    parent.append(this.box);
    const of = pairingOf(app.world.network);
    this.rows = new Map(PAIRINGS.map((pairing, k) => {
      const count = of.filter(each => each === k).length;
      return [pairing, this.makeRow(pairing, count)];
    }));
    this.begin();
  }

  // A button with a bar: the mean over the draws, and a tick for each.
  makeRow(pairing, count) {
    const button = document.createElement('button');
    button.innerHTML = `<span class="name">${pairing}</span> <span class="track"><i></i></span>
      <span class="share">\u2026</span> <span class="count">${count} connections</span>`;
    button.title = `lesion ${pairing}: ${count} connections`;
    button.disabled = count === 0;
    button.addEventListener('click', () => this.choose(pairing));
    this.box.append(button);
    return {
      button,
      track: button.querySelector('.track'),
      bar: button.querySelector('i'),
      share: button.querySelector('.share'),
      found: [],
    };
  }

  choose(pairing) {
    this.app.change({site: pairing, fraction: comparedAt(this.app.state)});
  }

  layout() {}

  update(state) {
    for (const [pairing, {button}] of this.rows) {
      button.setAttribute('aria-pressed', state.site === pairing);
    }
    if (keyOf(state) === this.key) return;
    this.end();
    this.timer = setTimeout(() => this.begin(), REST_MS);
  }

  begin() {
    const {world, state, jobs} = this.app;
    this.key = keyOf(state);
    for (const row of this.rows.values()) row.found = [];
    this.showTitle();
    const planned = spareJobs(world, state).filter(({pairing}) => {
      return !this.rows.get(pairing).button.disabled;
    });
    this.handle = jobs.start(planned.map(({job}) => job), {
      got: (result, k) => this.got(result, planned[k].pairing),
    });
  }

  async got(result, pairing) {
    const {handle} = this;
    const correct = result.correct ?? await this.app.score(result);
    if (handle !== this.handle || correct === null) return;
    const row = this.rows.get(pairing);
    row.found.push(accuracy(correct));
    this.show(row);
    this.showTitle();
  }

  // What is compared, and once all draws are there, the pairing that the network can least spare.
  showTitle() {
    const percent = Math.round(100 * comparedAt(this.app.state));
    const rows = [...this.rows].filter(([, {button}]) => !button.disabled);
    const draws = Math.min(...rows.map(([, {found}]) => found.length));
    const known = draws === N_DRAWS;
    const asked = `Cut ${percent} % of one pairing: mean of ${known ? '' : `${draws} of `}`
      + `${N_DRAWS} draws, a tick each.`;
    const least = known ? leastSpared(new Map(rows.map(([name, {found}]) => [name, found]))) : null;
    for (const [name, {button}] of rows) button.classList.toggle('least', name === least);
    this.title.textContent = known ? `${asked} ${verdict(least)}` : asked;
  }

  show({found, track, bar, share}) {
    const mean = average(found);
    bar.style.width = `${100 * mean}%`;
    share.textContent = `${Math.round(100 * mean)} %`;
    const ticks = found.map(value => {
      const tick = document.createElement('b');
      tick.style.left = `${100 * value}%`;
      return tick;
    });
    track.replaceChildren(bar, ...ticks);
  }

  end() {
    clearTimeout(this.timer);
    this.handle?.cancel();
  }
}
