// Stimulus, targets and outputs of all trial types, one over the other. A drag along the time axis
// moves the window of the lesion.

import {givenName} from '../network/network.mjs';
import {limits} from '../network/score.mjs';
import {groupsOfType} from '../network/trials.mjs';
import {Probes, rows} from '../work/recording.mjs';
import {sameTrials} from '../work/state.mjs';
import {Panel, range} from './panel.mjs';
import {WindowDrag} from './window_drag.mjs';

const COLORS = ['c0', 'c1', 'c2', 'c3'];
const MARGINS = {left: 34, right: 16, top: 6};
const LABELLED = {...MARGINS, left: 42};  // with names of several outputs
const HIGH = 280;  // px of three outputs or more, with the axis
const LEAST = 44;  // px of one of them

export function groupColor(group) {
  return COLORS[group % COLORS.length];
}

export class OutputsView {
  // state(): what is shown; outputs: Map(group -> M x (T-1)) of it; drag: whether windows are
  // drawn by a drag.
  constructor(parent, app, {state, outputs, drag}) {
    Object.assign(this, {parent, app, state, outputs});
    const {network, trials} = app.world;
    this.times = Array.from({length: trials.T}, (_, step) => step * network.stepMs);
    this.outputTimes = this.times.slice(1);
    this.intact = new Probes({...app.world, given: []});
    this.beginIntact();
    this.makePanels();
    if (drag) this.drag = new WindowDrag(this.panels, app);
  }

  // The outputs without a lesion, which stand still.
  beginIntact() {
    this.intact.begin({...this.state(), fraction: 0});
    this.intact.advance(Infinity);
    const {trials} = this.app.world;
    const firsts = groupsOfType(trials, this.state().trial_type)
      .map(g => [g, trials.groups[g].trials[0]]);
    this.firsts = new Map(firsts);  // a trial of each group
    this.targets = new Map(firsts.map(([g, b]) => [g, trials.z[b]]));
  }

  makePanels() {
    const {parent, times} = this;
    const {M} = this.app.world.network;
    const margins = M > 1 ? LABELLED : MARGINS;
    const high = M > 2 ? Math.max(LEAST, HIGH / M) : null;
    const x = [0, times.at(-1) + times[1]];
    this.stimulus = new Panel(parent, {
      label: 'stimulus of a trial of each type',
      x,
      y: range([...this.firsts.values()].flatMap(b => this.inputs(b))),
      margins: {...margins, bottom: 2},
      paint: panel => this.paintStimulus(panel),
      mark() {},
    });
    this.stimulus.canvas.classList.add('stimulus');
    const names = this.app.trials.outputs;
    this.outputPanels = Array.from({length: M}, (_, m) => new Panel(parent, {
      label: `${names[m]} of a trial of each type, with the target and the output `
        + givenName(this.app.network),
      x,
      y: this.outputRange(m),
      xlabel: m === M - 1 ? 'time (ms)' : '',
      ylabel: names[m],
      margins: {...margins, bottom: m === M - 1 ? 32 : 4},
      height: high && high + (m === M - 1 ? 28 : 0),
      paint: panel => this.paintStill(panel, m),
      mark: panel => this.paintOutputs(panel, m),
    }));
    this.panels = [this.stimulus, ...this.outputPanels];
  }

  inputs(b) {
    const {trials, network} = this.app.world;
    return rows(trials.u[b], network.K);
  }

  // Output m of each group: [[group, row]]. all: Map(group -> M x (T-1)).
  rowsOf(all, m) {
    return [...all].map(([g, o]) => [g, rows(o, this.app.network.M)[m]]);
  }

  outputRange(m) {
    const all = [...this.rowsOf(this.targets, m), ...this.rowsOf(this.intact.outputs, m)];
    const limits = this.limitsOf(m).map(limit => limit.value);
    return range([...all.map(([, row]) => row), [0, ...limits]]);
  }

  // What an output must pass or keep below to be right: [{from, to: ms, value, side}].
  limitsOf(m) {
    const {trials, network} = this.app.world;
    if (!trials.scorable || trials.rules[0].margin !== null) return [];
    const found = new Map();
    for (const b of this.firsts.values()) {
      const one = limits(trials.z[b], trials.rules[b], m);
      for (const limit of asLines(one, network.stepMs)) {
        found.set(JSON.stringify(limit), limit);
      }
    }
    return [...found.values()];
  }

  layout(colors) {
    for (const panel of this.panels) panel.layout(colors);
    this.draw();
  }

  // Another state: what is behind the outputs is painted anew where it has changed.
  update(state, before) {
    const same = sameTrials(state, before);
    if (!same) this.beginIntact();
    const moved = !same || state.start !== before.start || state.stop !== before.stop;
    if (moved && this.stimulus.inside) for (const panel of this.panels) panel.repaint();
  }

  draw() {
    if (this.stimulus.inside) for (const panel of this.panels) panel.draw(0);
  }

  // The window of the lesion, and those of Python's interventions.
  paintWindows(panel) {
    const {start, stop} = this.state();
    const {given, trials} = this.app.world;
    for (const window of [{start, stop}, ...given]) {
      if (window.start === 0 && window.stop >= trials.T) continue;
      panel.style(panel.colors.light);
      panel.band(...[window.start, window.stop].map(step => step * this.app.network.stepMs));
    }
  }

  paintStimulus(panel) {
    this.paintWindows(panel);
    panel.pen.globalAlpha = this.app.network.K > 2 ? .5 : 1;
    for (const [g, b] of this.firsts) {
      panel.style(panel.colors[groupColor(g)], 1);
      for (const row of this.inputs(b)) panel.line(this.times, row);
    }
    panel.pen.globalAlpha = 1;
    const {left, top, height} = panel.inside;
    panel.style(panel.colors.ink);
    panel.pen.textAlign = 'right';
    panel.pen.fillText('input', left - 4, top + height / 2 + 4);
  }

  paintStill(panel, m) {
    this.paintWindows(panel);
    panel.clipped(() => {
      this.paintLines(panel, this.rowsOf(this.targets, m), {width: 5, alpha: .3});
      const intact = this.rowsOf(this.intact.outputs, m);
      this.paintLines(panel, intact, {width: 1, alpha: .8, dashes: [3, 2]});
      for (const limit of this.limitsOf(m)) paintLimit(panel, limit);
    });
  }

  paintOutputs(panel, m) {
    panel.clipped(() => this.paintLines(panel, this.rowsOf(this.outputs, m), {width: 1.8}));
  }

  paintLines(panel, lines, {width, alpha = 1, dashes = []}) {
    for (const [g, row] of lines) {
      panel.style(panel.colors[groupColor(g)], width, dashes);
      panel.pen.globalAlpha = alpha;
      panel.line(this.outputTimes, row);
    }
    panel.pen.globalAlpha = 1;
    panel.pen.setLineDash([]);
  }
}

// A limit of score.mjs as lines; side: 1 where the right side is above, -1 where it is below.
export function asLines({from, to, low, high, reach}, stepMs) {
  const span = {from: (from + 1) * stepMs, to: to * stepMs};
  if (reach !== undefined) return [{...span, value: reach, side: Math.sign(reach)}];
  return [{...span, value: low, side: 1}, {...span, value: high, side: -1}];
}

const TICK = 4;  // px
const TICKS_APART = 16;

// A line with ticks on the side where a correct output is.
function paintLimit(panel, {from, to, value, side}) {
  const {pen} = panel;
  panel.style(panel.colors.ink, 1);
  panel.line([from, to], [value, value]);
  const y = panel.toY(value);
  pen.beginPath();
  for (let x = panel.toX(from) + 2; x < panel.toX(to); x += TICKS_APART) {
    pen.moveTo(x, y);
    pen.lineTo(x, y - side * TICK);
  }
  pen.stroke();
}
