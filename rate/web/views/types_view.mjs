// How many trials are right: all, and of each type, with chance and a silent network marked.

import {groupsOfType, trialWords, trialsByFact, trialsOfType} from '../network/trials.mjs';
import {inPercent, silentShare} from '../work/levels.mjs';
import {groupColor} from './outputs_view.mjs';

const PAGE = `
<table>
  <caption>trials right<span class="by" hidden> by <select aria-label="trials right by"></select>
  </span></caption>
  <tbody></tbody>
</table>
<p class="marks"><span><b></b>silent network</span> <span><b class="chance"></b>chance</span></p>
<p class="drawn"></p>`;

export class TypesView {
  constructor(parent, app) {
    this.app = app;
    parent.insertAdjacentHTML('beforeend', PAGE);
    this.body = parent.querySelector('tbody');
    this.drawn = parent.querySelector('.drawn');
    this.pinned = null;
    this.tally = null;
    this.by = parent.querySelector('select');
    this.by.append(...['type', ...Object.keys(app.trials.facts)].map(name => new Option(name)));
    this.by.parentElement.hidden = this.by.length === 1;
    this.by.addEventListener('change', () => this.fill());
    this.fill();
  }

  // A row for all trials of the type that is chosen, and one for each group or value of a fact.
  fill() {
    const {trials} = this.app.world;
    const type = this.app.state.trial_type;
    const groups = groupsOfType(trials, type);
    this.all = this.makeRow('all', trialsOfType(trials, type), '');
    this.rows = this.by.value === 'type'
      ? groups.map(g => this.makeRow(trials.groups[g].name, trials.groups[g].trials, groupColor(g)))
      : trialsByFact(trials, type, this.by.value).map(part => this.makeRow(...part, ''));
    for (const row of [this.all, ...this.rows]) {
      mark(row, silentShare(trials, row.numbers), 'silent', 'silent network');
    }
    if (type === '') mark(this.all, trials.chance, 'chance', 'always the commonest answer');
    this.body.replaceChildren(...[this.all, ...this.rows].map(({row}) => row));
    this.show();
    if (trials.words) this.nameDrawn(groups.map(g => [g, trials.groups[g].trials[0]]));
  }

  // Which trials the outputs are shown of, where the groups do not say it: [[group, trial]].
  nameDrawn(shown) {
    this.drawn.replaceChildren('shown', ...shown.map(([g, b]) => {
      const words = document.createElement('span');
      words.textContent = trialWords(this.app.trials, b);
      words.style.color = `var(--${groupColor(g)})`;
      return words;
    }));
  }

  // numbers: of its trials; color: '' for none of its own.
  makeRow(name, numbers, color) {
    const row = document.createElement('tr');
    row.innerHTML = '<th scope="row"><span class="name"></span></th>'
      + '<td><span class="track"><i></i></span></td><td class="share"></td>';
    const words = row.querySelector('.name');
    words.textContent = name;
    words.title = name;
    words.style.color = color && `var(--${color})`;
    const [track, bar, share] = ['.track', 'i', '.share'].map(part => row.querySelector(part));
    bar.style.background = color && `var(--${color})`;
    return {row, numbers, track, bar, share};
  }

  update(state, before) {
    if (state.trial_type !== before.trial_type) this.fill();
  }

  // tally: of scoring.mjs; pinned: another one, or null.
  found(tally, pinned) {
    this.tally = tally;
    this.pinned = pinned;
    this.show();
  }

  show() {
    for (const row of [this.all, ...this.rows]) this.showRow(row);
  }

  showRow({numbers, track, bar, share}) {
    const now = this.tally?.of(numbers);
    if (!now?.n) return;
    bar.style.width = `${100 * now.right / now.n}%`;
    share.textContent = `${now.right}/${now.n}`;
    track.querySelector('.pinned')?.remove();
    const pinned = this.pinned?.of(numbers);
    if (pinned?.n) mark({track}, pinned.right / pinned.n, 'pinned', 'A, pinned');
  }
}

// A mark on the track of a bar, at a fraction.
export function mark({track}, fraction, name = '', title = '') {
  const tick = document.createElement('b');
  tick.className = name;
  tick.style.left = `${100 * fraction}%`;
  if (title) tick.title = `${title}: ${inPercent(fraction)}`;
  track.append(tick);
}
