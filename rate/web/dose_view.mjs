// Dose and response under the slider of the fraction: it fills in by itself, beside the page.

import {accuracy} from './experiment.mjs';
import {doseJobs, N_FIRST, sameCurve, silentAccuracy, summarise} from './doses.mjs';
import {Panel} from './panel.mjs';

const REST_MS = 150;  // without a change before a curve begins: a slider that moves has many
export const LEFT = 40;  // px of the axes, so that the slider above can stand over them
export const RIGHT = 14;

export class DoseView {
  // app.reached: the accuracy where the reader stands, or null while it is not known.
  constructor(parent, app) {
    this.app = app;
    this.found = new Map();
    this.count = 0;
    this.panel = new Panel(parent, {
      label: 'accuracy against the fraction that is lesioned',
      x: [0, 100],
      y: [0, 1.05],
      xlabel: 'fraction (%)',
      ylabel: 'accuracy',
      margins: {left: LEFT, right: RIGHT, top: 14, bottom: 32},
      paint: panel => this.paint(panel),
      mark: panel => this.mark(panel),
    });
    this.begin();
  }

  layout(colors) {
    this.panel.layout(colors);
    this.panel.draw(0);
  }

  // The state has changed.
  update(state, before) {
    if (sameCurve(state, before)) {
      this.panel.draw(0);
      return;
    }
    this.end();
    this.timer = setTimeout(() => this.begin(), REST_MS);
  }

  begin() {
    this.found = new Map();
    this.count = 0;
    const planned = doseJobs(this.app.world, this.app.state);
    this.run(planned.slice(0, N_FIRST), () => this.run(planned.slice(N_FIRST)));
  }

  // The first round, then what refines it: in between, others have their turn.
  run(planned, done = () => {}) {
    this.handle = this.app.jobs.start(planned.map(({job}) => job), {
      got: (result, k) => this.got(result, planned[k].dose),
      done,
    });
  }

  async got(result, dose) {
    const {handle} = this;
    const correct = result.correct ?? await this.app.score(result);
    if (handle !== this.handle || correct === null) return;
    if (!this.found.has(dose)) this.found.set(dose, []);
    this.found.get(dose).push(accuracy(correct));
    this.count += correct.length;
    this.stale();
  }

  // Drawn for the next frame, and once, whatever came since the last one.
  stale() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (!this.panel.inside) return;
      this.panel.repaint();
      this.panel.draw(0);
    });
  }

  end() {
    clearTimeout(this.timer);
    this.handle?.cancel();
  }

  // Whether each dose has as many draws as the first round makes.
  get filled() {
    return [...this.found.values()].reduce((sum, draws) => sum + draws.length, 0) >= N_FIRST;
  }

  paint(panel) {
    const {trials} = this.app.world;
    const silent = silentAccuracy(trials, this.app.state.trial_type);
    this.level(panel, silent, 'silent network', silent > .5 ? 12 : -4);
    if (this.found.size === 0) return;
    const {doses, mean, low, high, lowest, highest} = summarise(this.found);
    const xs = doses.map(dose => 100 * dose);
    panel.clipped(() => {
      panel.pen.globalAlpha = .16;
      this.area(panel, xs, lowest, highest);
      panel.pen.globalAlpha = .3;
      this.area(panel, xs, low, high);
      panel.pen.globalAlpha = 1;
      panel.style(panel.colors.ink, 1.5);
      panel.line(xs, mean);
    });
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

  level(panel, value, words, above) {
    panel.style(panel.colors.wrong, 1, [4, 3]);
    panel.line([0, 100], [value, value]);
    panel.pen.textAlign = 'left';
    panel.pen.fillText(words, panel.toX(1), panel.toY(value) + above);
  }

  mark(panel) {
    const {state, reached} = this.app;
    panel.style(panel.colors.soft, 1);
    panel.vertical(100 * state.fraction);
    if (reached === null) return;
    panel.style(panel.colors.intact);
    panel.dot(100 * state.fraction, reached, 5);
  }
}
