// How well the network does without a part of each pairing: which one can it least spare?

import {PAIRINGS, pairingOf} from '../network/effects.mjs';
import {inPercent} from '../work/levels.mjs';
import {N_DRAWS, comparedAt, mean, pairingJobs, sameComparison,
  worstPairing} from '../work/plans.mjs';
import {ScoredJobs} from '../work/scoring.mjs';
import {mark} from './types_view.mjs';

const REST_MS = 250;

function inWords(worst) {
  return worst ? `The network can least spare ${worst}.` : 'None is worse than all others.';
}

export class PairingsView {
  constructor(parent, app) {
    this.app = app;
    this.parent = parent;
    this.title = document.createElement('p');
    parent.append(this.title);
    const of = pairingOf(app.world.network);
    this.rows = new Map(PAIRINGS.map((pairing, k) => {
      const count = of.filter(each => each === k).length;
      return [pairing, this.makeRow(pairing, count)];
    }));
    this.jobs = new ScoredJobs(app, {restMs: REST_MS});
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
    this.parent.append(button);
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

  update(state, before) {
    for (const [pairing, {button}] of this.rows) {
      button.setAttribute('aria-pressed', state.site === pairing);
    }
    if (!sameComparison(state, before)) this.jobs.soon(() => this.begin());
  }

  begin() {
    const {world, state} = this.app;
    for (const row of this.rows.values()) row.found = [];
    this.showTitle();
    const isThere = ({pairing}) => !this.rows.get(pairing).button.disabled;
    this.jobs.begin(pairingJobs(world, state).filter(isThere), ({pairing}, correct) => {
      const row = this.rows.get(pairing);
      row.found.push(mean(correct));
      this.show(row);
      this.showTitle();
    });
  }

  // What is compared, and once all draws are there, the pairing that the network can least spare.
  showTitle() {
    const percent = inPercent(comparedAt(this.app.state));
    const rows = [...this.rows].filter(([, {button}]) => !button.disabled);
    const draws = Math.min(...rows.map(([, row]) => row.found.length));
    const known = draws === N_DRAWS;
    const asked = `Cut ${percent} of one pairing: mean of ${known ? '' : `${draws} of `}`
      + `${N_DRAWS} draws, a tick each.`;
    const found = new Map(rows.map(([name, row]) => [name, row.found]));
    const worst = known ? worstPairing(found) : null;
    for (const [name, {button}] of rows) button.classList.toggle('worst', name === worst);
    this.title.textContent = known ? `${asked} ${inWords(worst)}` : asked;
  }

  show({found, track, bar, share}) {
    bar.style.width = `${100 * mean(found)}%`;
    share.textContent = inPercent(mean(found));
    track.replaceChildren(bar);
    for (const value of found) mark({track}, value);
  }

  end() {
    this.jobs.end();
  }
}
