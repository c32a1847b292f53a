// Dose and response under the slider of the fraction: it fills in by itself, beside the page.

import {silentAccuracy} from '../work/levels.mjs';
import {N_FIRST, N_TRIALS, doseJobs, mean, sameCurve, summarise} from '../work/plans.mjs';
import {ScoredJobs} from '../work/scoring.mjs';
import {PanelView} from './panel.mjs';

const REST_MS = 150;

export class DoseView extends PanelView {
  // app.reached: the accuracy where the reader stands, or null while it is not known.
  constructor(parent, app) {
    super(parent, app, {
      label: 'accuracy against the fraction that is lesioned',
      x: [0, 100],
      y: [0, 1.05],
      xlabel: 'fraction (%)',
      ylabel: 'accuracy',
      margins: {left: 40, right: 14, top: 6, bottom: 32},
    });
    this.found = new Map();
    this.before = null;  // the curve before this one, as far as it got
    this.pinned = null;  // {found, fraction, reached} of a state beside this one
    this.jobs = new ScoredJobs(app, {restMs: REST_MS});
    this.caution = document.createElement('p');
    this.caution.className = 'caution';
    parent.append(this.caution);
    const {canvas} = this.panel;
    canvas.title = 'click: lesion this fraction';
    canvas.addEventListener('click', event => this.app.change({fraction: this.fractionAt(event)}));
    this.begin();
  }

  // In steps of 1 %.
  fractionAt({offsetX}) {
    const percent = Math.round(100 * this.panel.shareAt(offsetX));
    return Math.min(100, Math.max(0, percent)) / 100;
  }

  // The state has changed.
  update(state, before) {
    if (sameCurve(state, before)) this.panel.draw(0);
    else this.jobs.soon(() => this.begin());
  }

  begin() {
    if (this.found.size > 1) this.before = summarise(this.found);
    this.found = new Map();
    const planned = doseJobs(this.app.world, this.app.state);
    const got = ({dose}, correct) => {
      if (!this.found.has(dose)) this.found.set(dose, []);
      this.found.get(dose).push(mean(correct));
      this.stale();
    };
    this.jobs.begin(planned.slice(0, N_FIRST), got, planned.slice(N_FIRST));
    this.warn();
    this.counted?.(0);
  }

  // Lesions of each dose that are known.
  get draws() {
    const counts = [...this.found].filter(([dose]) => dose > 0).map(([, values]) => values.length);
    return counts.length ? Math.min(...counts) : 0;
  }

  // Trials behind the curve.
  get count() {
    return N_TRIALS * [...this.found.values()].reduce((sum, values) => sum + values.length, 0);
  }

  // One lesion says little.
  warn() {
    const {draws} = this;
    const shown = `Line and shading: mean, middle half and range of ${draws} draws.`;
    this.caution.textContent = 'One lesion is one random draw. '
      + (draws > 1 ? shown : 'Other draws are being tried.');
  }

  // Drawn for the next frame, and once, whatever came since the last one.
  stale() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.warn();
      this.counted?.(this.count);
      this.refresh();
    });
  }

  end() {
    this.jobs.end();
  }

  paint(panel) {
    const {trials} = this.app.world;
    const silent = silentAccuracy(trials, this.app.state.trial_type);
    this.level(panel, silent);
    if (this.before && this.draws === 0) this.curve(panel, this.before, panel.colors.soft, [2, 2]);
    if (this.pinned) this.paintPinned(panel);
    if (this.found.size === 0) return;
    const curve = summarise(this.found);
    const {doses, low, high, lowest, highest} = curve;
    const xs = doses.map(dose => 100 * dose);
    panel.clipped(() => {
      panel.pen.globalAlpha = .16;
      this.area(panel, xs, lowest, highest);
      panel.pen.globalAlpha = .3;
      this.area(panel, xs, low, high);
      panel.pen.globalAlpha = 1;
    });
    this.curve(panel, curve, panel.colors.ink, []);
    this.level(panel, silent);
  }

  curve(panel, {doses, mean: means}, color, dashes) {
    panel.style(color, 1.5, dashes);
    panel.clipped(() => panel.line(doses.map(dose => 100 * dose), means));
  }

  paintPinned(panel) {
    const {found, fraction, reached} = this.pinned;
    if (found.size) this.curve(panel, summarise(found), panel.colors.c1, [4, 2]);
    if (reached === null) return;
    panel.style(panel.colors.c1);
    panel.dot(100 * fraction, reached, 4);
    panel.pen.textAlign = 'center';
    panel.words('A', panel.toX(100 * fraction), panel.toY(reached) + (reached > .5 ? 16 : -7));
  }

  area(panel, xs, low, high) {
    const {pen} = panel;
    panel.style(panel.colors.ink);
    pen.beginPath();
    xs.forEach((x, i) => pen.lineTo(panel.toX(x), panel.toY(low[i])));
    [...xs.keys()].reverse().forEach(i => pen.lineTo(panel.toX(xs[i]), panel.toY(high[i])));
    pen.closePath();
    pen.fill();
  }

  // What a dead network gets.
  level(panel, value) {
    panel.style(panel.colors.wrong, 1, [4, 3]);
    panel.line([0, 100], [value, value]);
    panel.pen.textAlign = 'left';
    panel.words('silent network', panel.toX(2), panel.toY(value) + (value > .8 ? 12 : -4));
  }

  mark(panel) {
    const {state, reached} = this.app;
    panel.style(panel.colors.soft, 1);
    panel.vertical(100 * state.fraction);
    if (reached === null) return;
    panel.style(panel.colors.intact);
    panel.dot(100 * state.fraction, reached, 5);
    panel.style(panel.colors.ink, 1);
    panel.circle(100 * state.fraction, reached, 5);
  }
}
