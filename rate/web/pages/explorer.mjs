// The explorer: what a lesion does to all trial types, at once.

import {givenName} from '../network/network.mjs';
import {Controls} from '../views/controls.mjs';
import {DoseView} from '../views/dose_view.mjs';
import {MatrixView} from '../views/matrix_view.mjs';
import {OutputsView} from '../views/outputs_view.mjs';
import {PairingsView} from '../views/pairings_view.mjs';
import {Pin} from '../views/pin.mjs';
import {PsychometricView} from '../views/psychometric_view.mjs';
import {themeColors} from '../views/theme.mjs';
import {TypesView} from '../views/types_view.mjs';
import {UnitsView} from '../views/units_view.mjs';
import {inWords} from '../work/action.mjs';
import {besides, inPercent, levels, poorAs} from '../work/levels.mjs';
import {Probes} from '../work/recording.mjs';
import {Scorer} from '../work/scoring.mjs';
import {sameTrials, withoutLesion} from '../work/state.mjs';
import {Page} from './page.mjs';

const FRAME_MS = 9;  // of a frame, that trials may be run in

// given: what the network is called without a lesion.
const page = given => `
<div class="controls"></div>
<div class="views">
  <div class="headline">
    <p role="status"><b class="accuracy">\u2026</b> <span class="poor"></span><span
      class="besides"></span></p>
    <p class="words"></p>
  </div>
  <div class="overlays">
    <figure class="pinned" hidden></figure>
    <figure class="outputs">
      <figcaption class="key"><span><i></i>lesioned</span>
        <span><i class="dashed"></i>${given}</span> <span><i class="aim"></i>target</span>
        <span class="limit" title="a correct output passes this line, to the side of its ticks">
          <i></i>limit of correct</span></figcaption>
    </figure>
  </div>
  <div class="types"></div>
  <figure class="matrix"><figcaption>weights, column to row</figcaption></figure>
  <div class="pairings" role="group"></div>
  <figure class="psychometric"><figcaption>psychometric curve</figcaption></figure>
  <figure class="units"></figure>
</div>`;

// Fill a shadow root with an explorer of app.world. Returns a function that ends it.
export function mountExplorer(root, app) {
  const explorer = new Explorer(root, app);
  return () => explorer.end();
}

class Explorer extends Page {
  constructor(root, app) {
    super(root, 'explorer', page(givenName(app.network)));
    this.app = app;
    this.controls = new Controls(this.parts.controls, app);
    this.probes = new Probes(app.world);
    this.intact = null;  // accuracy
    const {trials, model} = app;
    if (!trials.scorable && model.alone) this.parts.accuracy.textContent = 'not scored here';
    this.makeViews();
    this.pin = new Pin(this);
    this.scorer = new Scorer(app, tally => this.found(tally));
    this.listen();
    this.measureIntact();
    this.changed(app.state, app.state);
  }

  makeViews() {
    const {parts, app, probes} = this;
    this.outputs = new OutputsView(parts.outputs, app, {
      state: () => app.state,
      outputs: probes.outputs,
      drag: true,
    });
    this.types = new TypesView(parts.types, app);
    this.matrix = new MatrixView(parts.matrix, app);
    this.dose = new DoseView(this.controls.dose, app);
    this.dose.counted = count => {
      parts.box.dataset.doses = count;
    };
    this.pairings = new PairingsView(parts.pairings, app);
    this.units = new UnitsView(parts.units, app);
    this.views = [this.outputs, this.types, this.matrix, this.dose, this.pairings, this.units];
    if (app.trials.direction) this.views.push(new PsychometricView(parts.psychometric, app));
    else parts.psychometric.remove();
  }

  listen() {
    this.unlisten = this.app.listen((state, before) => this.changed(state, before));
    this.watch(this.parts.box);
  }

  layout() {
    this.colors = themeColors(this.host);
    for (const view of [...this.views, this.pin]) view.layout?.(this.colors);
  }

  // Everything that a state shows is drawn for the next frame, and once, whatever came since the
  // last one; what takes longer follows.
  changed(state, before) {
    this.before ??= before;
    this.changedAt ??= performance.now();
    this.app.reached = null;
    this.parts.box.removeAttribute('data-scored');
    this.probes.begin(state);
    this.scorer.update(state);
    this.requestFrame();
    if (!sameTrials(state, before)) this.measureIntact();
  }

  nextFrame() {
    const done = this.probes.advance(FRAME_MS);
    if (this.before) this.showState();
    this.outputs.draw();
    if (this.changedAt !== null) {
      this.host.dataset.ms = (performance.now() - this.changedAt).toFixed(1);
      this.changedAt = null;
    }
    if (!done) this.requestFrame();
  }

  showState() {
    const {app, before} = this;
    this.before = null;
    for (const view of this.views) view.update?.(app.state, before);
    this.parts.words.textContent = `${app.trials.task}: ${inWords(app.state, app.facts)}`;
    this.pin.update();
  }

  // Accuracy without a lesion on the same trials.
  measureIntact() {
    const state = withoutLesion(this.app.state, this.app.trials.T);
    this.intact = null;
    this.intactScorer?.end();
    this.intactScorer = new Scorer(this.app, tally => {
      if (!tally.done) return;
      this.intact = tally.accuracy;
      this.showAccuracy();
    });
    this.intactScorer.update(state);
  }

  found(tally) {
    this.tally = tally;
    this.types.found(tally, this.pin.tally);
    if (tally.state === this.app.state) this.app.reached = tally.accuracy;
    this.dose.panel.draw(0);
    this.showAccuracy();
    if (!tally.done || tally.state !== this.app.state) return;
    this.parts.box.dataset.scored = tally.n;
    this.report(tally);
  }

  showAccuracy() {
    const {parts, app, tally} = this;
    if (!tally?.n) return;
    const level = levels(app.trials, app.state.trial_type);
    const poor = poorAs(tally.accuracy, level);
    parts.accuracy.textContent = `${inPercent(tally.accuracy)} right`;
    parts.accuracy.classList.toggle('poor', poor !== '');
    parts.poor.textContent = poor && `${poor}. `;
    const name = givenName(app.network);
    parts.besides.textContent = besides(tally.accuracy, this.intact, level, name);
  }

  // What was found, for Python.
  report(tally) {
    const {trials} = this.app;
    const names = trials.groups.map(group => group.name);
    const known = tally.groups.map((group, g) => [names[g], group]).filter(([, {n}]) => n);
    this.app.report({
      accuracy: tally.accuracy,
      by_type: Object.fromEntries(known.map(([name, {right, n}]) => [name, right / n])),
      intact: this.intact,
      n_trials: tally.n,
      loss: tally.loss / tally.n,
      words: inWords(tally.state, this.app.facts),
    });
  }

  end() {
    super.end();
    this.unlisten();
    this.scorer.end();
    this.intactScorer.end();
    for (const view of this.views) view.end?.();
    this.controls.end();
  }
}
