// A state that is pinned, A, beside the one that is shown, B.

import {OutputsView} from './outputs_view.mjs';
import {inWords} from '../work/action.mjs';
import {inPercent} from '../work/levels.mjs';
import {sameState} from '../work/state.mjs';

export class Pin {
  // explorer: an Explorer
  constructor(explorer) {
    this.explorer = explorer;
    this.tally = null;
    this.element = explorer.parts.pinned;
    this.button = document.createElement('button');
    this.button.textContent = 'Pin';
    this.button.title = 'keep this state, to see another one beside it';
    this.button.addEventListener('click', () => this.pin());
    explorer.controls.parts.reset.after(this.button);
  }

  pin() {
    const {app, probes, tally, dose} = this.explorer;
    this.state = app.state;
    this.tally = tally?.state === app.state ? tally : null;
    this.fill(new Map(probes.outputs));
    const {fraction} = app.state;
    dose.pinned = {found: dose.found, fraction, reached: app.reached};
    this.show(true);
    this.update();
  }

  fill(outputs) {
    const {app} = this.explorer;
    this.element.replaceChildren();
    this.element.insertAdjacentHTML('beforeend', `<figcaption><b>A</b> <span class="what"></span>
      <button class="back">Show A</button> <button class="away" aria-label="unpin A">\u00d7</button>
      </figcaption>`);
    const part = name => this.element.querySelector(name);
    part('.what').textContent = inWords(this.state, app.facts);
    part('.back').addEventListener('click', () => app.change(this.state));
    part('.away').addEventListener('click', () => this.unpin());
    this.what = part('.what');
    this.back = part('.back');
    this.view = new OutputsView(this.element, app, {
      state: () => this.state,
      outputs,
      drag: false,
    });
  }

  unpin() {
    this.state = null;
    this.tally = null;
    this.view = null;
    this.explorer.dose.pinned = null;
    this.show(false);
    this.button.focus();
  }

  show(there) {
    const {explorer} = this;
    this.element.hidden = !there;
    explorer.parts.box.classList.toggle('two', there);
    explorer.types.found(explorer.tally, this.tally);
    explorer.layout();
  }

  // The state beside it has changed, or more is known.
  update() {
    if (!this.view) return;
    const {app, tally} = this.explorer;
    if (!this.tally && tally && sameState(tally.state, this.state)) this.tally = tally;
    this.back.disabled = sameState(app.state, this.state);
    const right = this.tally?.n ? `${inPercent(this.tally.accuracy)} right: ` : '';
    this.what.textContent = right + inWords(this.state, app.facts);
    this.what.title = this.what.textContent;
  }

  layout(colors) {
    this.view?.layout(colors);
  }
}
