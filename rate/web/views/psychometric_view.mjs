// Accuracy against the mean of the streams, for a task that has streams: intact and lesioned.

import {accuracy} from '../work/experiment.mjs';
import {givenName} from '../network/network.mjs';
import {Panel} from './panel.mjs';
import {trialsOfType} from '../network/trials.mjs';

const REST_MS = 250;
const OFFSETS = [0, .05, .1, .2, .3, .5];
const N_TRIALS = 24;
const AT_ONCE = 6;  // trials of a job

// Jobs for each offset, in parts: {offset, job}.
export function offsetJobs(world, state) {
  const indices = trialsOfType(world.trials, state.trial_type).slice(0, N_TRIALS);
  const parts = [];
  for (let k = 0; k < indices.length; k += AT_ONCE) parts.push(indices.slice(k, k + AT_ONCE));
  return parts.flatMap(part => OFFSETS.map(offset => ({
    offset,
    job: {state, indices: part, seed: state.seed, offset},
  })));
}

export class PsychometricView {
  constructor(parent, app) {
    this.app = app;
    this.curves = {intact: new Map(), lesioned: new Map()};
    this.handles = {};
    this.panel = new Panel(parent, {
      label: `accuracy against the mean of the streams, ${givenName(app.network)} and lesioned`,
      x: [0, 1.04 * OFFSETS.at(-1)],
      y: [0, 1.05],
      xlabel: 'mean of the stream',
      ylabel: 'accuracy',
      margins: {left: 40, right: 8, top: 6, bottom: 32},
      paint: panel => this.paint(panel),
      mark() {},
    });
    this.begin('intact', {...app.state, fraction: 0});
    this.begin('lesioned', app.state);
  }

  layout(colors) {
    this.panel.layout(colors);
    this.panel.draw(0);
  }

  update(state, before) {
    clearTimeout(this.timer);
    const same = ['seed', 'trial_type'].every(part => state[part] === before[part]);
    if (!same) this.begin('intact', {...state, fraction: 0});
    this.timer = setTimeout(() => this.begin('lesioned', this.app.state), REST_MS);
  }

  // Which of the two curves, and the state that it is measured in.
  begin(which, state) {
    this.handles[which]?.cancel();
    this.curves[which] = new Map(OFFSETS.map(offset => [offset, []]));
    const planned = offsetJobs(this.app.world, state);
    this.handles[which] = this.app.jobs.start(planned.map(({job}) => job), {
      got: (result, k) => this.got(which, result, planned[k].offset),
    });
  }

  async got(which, result, offset) {
    const handle = this.handles[which];
    const correct = result.correct ?? await this.app.score(result);
    if (handle !== this.handles[which] || correct === null) return;
    this.curves[which].get(offset).push(...correct);
    if (!this.panel.inside) return;
    this.panel.repaint();
    this.panel.draw(0);
  }

  end() {
    clearTimeout(this.timer);
    for (const handle of Object.values(this.handles)) handle.cancel();
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
    const ys = known.map(([, correct]) => accuracy(correct));
    panel.style(color, 1.5);
    panel.line(xs, ys);
    xs.forEach((x, i) => panel.dot(x, ys[i], 2.5));
  }
}
