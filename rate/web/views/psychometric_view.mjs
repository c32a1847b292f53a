// Accuracy against the mean of the streams, for a task that has streams: intact and lesioned.

import {OFFSETS, mean, offsetJobs} from '../work/plans.mjs';
import {ScoredJobs} from '../work/scoring.mjs';
import {sameTrials} from '../work/state.mjs';
import {givenName} from '../network/network.mjs';
import {PanelView} from './panel.mjs';

const REST_MS = 250;

export class PsychometricView extends PanelView {
  constructor(parent, app) {
    super(parent, app, {
      label: `accuracy against the mean of the streams, ${givenName(app.network)} and lesioned`,
      x: [0, 1.04 * OFFSETS.at(-1)],
      y: [0, 1.05],
      xlabel: 'mean of the stream',
      ylabel: 'accuracy',
      margins: {left: 40, right: 8, top: 6, bottom: 32},
    });
    this.curves = {};
    this.jobs = {
      intact: new ScoredJobs(app),
      lesioned: new ScoredJobs(app, {restMs: REST_MS}),
    };
    this.begin('intact', {...app.state, fraction: 0});
    this.begin('lesioned', app.state);
  }

  update(state, before) {
    const same = sameTrials(state, before);
    if (!same) this.begin('intact', {...state, fraction: 0});
    this.jobs.lesioned.soon(() => this.begin('lesioned', this.app.state));
  }

  // Which of the two curves, and the state that it is measured in.
  begin(which, state) {
    const curve = new Map(OFFSETS.map(offset => [offset, []]));
    this.curves[which] = curve;
    this.jobs[which].begin(offsetJobs(this.app.world, state), ({offset}, correct) => {
      curve.get(offset).push(...correct);
      this.refresh();
    });
  }

  end() {
    for (const jobs of Object.values(this.jobs)) jobs.end();
  }

  paint(panel) {
    panel.style(panel.colors.soft, 1, [4, 3]);
    panel.line(panel.x, [.5, .5]);
    this.curve(panel, this.curves.intact, panel.colors.intact);
    this.curve(panel, this.curves.lesioned, panel.colors.ink);
  }

  curve(panel, curve, color) {
    const known = [...curve].filter(([, correct]) => correct.length > 0);
    const xs = known.map(([offset]) => offset);
    const ys = known.map(([, correct]) => mean(correct));
    panel.style(color, 1.5);
    panel.line(xs, ys);
    xs.forEach((x, i) => panel.dot(x, ys[i], 2.5));
  }
}
