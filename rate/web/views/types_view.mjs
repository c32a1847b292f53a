// How many trials are right: all, and of each type, with chance and a silent network marked.

import {groupsOfType, trialWords, trialsOfType} from '../network/trials.mjs';
import {inPercent, silentShare} from '../work/levels.mjs';
import {groupColor} from './outputs_view.mjs';

const PAGE = `
<table>
  <caption>trials right</caption>
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
    this.fill();
  }

  // A row for all trials, and one for each group of the type that is chosen.
  fill() {
    const {trials} = this.app.world;
    const type = this.app.state.trial_type;
    const groups = groupsOfType(trials, type);
    this.rows = groups.map(g => this.makeRow(trials.groups[g].name, g));
    this.all = this.makeRow('all', null);
    const markSilent = (row, numbers) => {
      mark(row, silentShare(trials, numbers), 'silent', 'silent network');
    };
    markSilent(this.all, trialsOfType(trials, type));
    if (type === '') mark(this.all, trials.chance, 'chance', 'always the commonest answer');
    for (const row of this.rows) markSilent(row, trials.groups[row.group].trials);
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

  makeRow(name, group) {
    const row = document.createElement('tr');
    row.innerHTML = '<th scope="row"><span class="name"></span></th>'
      + '<td><span class="track"><i></i></span></td><td class="share"></td>';
    const words = row.querySelector('.name');
    words.textContent = name;
    words.title = name;
    if (group !== null) words.style.color = `var(--${groupColor(group)})`;
    const [track, bar, share] = ['.track', 'i', '.share'].map(part => row.querySelector(part));
    bar.style.background = group === null ? '' : `var(--${groupColor(group)})`;
    return {row, group, track, bar, share};
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

  showRow({group, track, bar, share}) {
    const part = tally => (group === null ? tally : tally?.groups[group]);
    const now = part(this.tally);
    if (!now?.n) return;
    bar.style.width = `${100 * now.right / now.n}%`;
    share.textContent = `${now.right}/${now.n}`;
    track.querySelector('.pinned')?.remove();
    const pinned = part(this.pinned);
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
