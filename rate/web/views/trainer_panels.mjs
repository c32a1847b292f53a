// The panels of the trainer. A view is what they draw: {layout, losses, tests, outputs, weights},
// see training_session.mjs.

import {placesByType} from '../network/units.mjs';
import {MAX_LOSS, MIN_ACCURACY, PULSE_START, PULSE_STOP, T} from '../work/training.mjs';
import {Panel} from './panel.mjs';

const STEP_MS = 5;
const MARGINS = {right: 16, bottom: 32};  // px
const DASHES = [4, 3];
const LONGEST_X = [500, 1000, 1500, 2000, 3000, 4000, 6000];  // trials on the axis
const SILENT = 50;  // percent that a silent network gets right: all nogo trials
const OUTPUT_TIMES = Float64Array.from({length: T - 1}, (_, j) => (j + 1) * STEP_MS);
const FULL_COLOR = 1.5;  // the weight from which on all look alike

function across(panel, x, y) {
  panel.line(x, [y, y]);
}

function trialAxis(view) {
  return [0, LONGEST_X.find(most => most >= view.losses.length)];
}

// Axes grow with the training.
function fitTrials(panel, view) {
  const x = trialAxis(view);
  if (x[1] === panel.x[1]) return;
  panel.x = x;
  panel.repaint();
}

function drawTests(panel, view, value) {
  panel.style(panel.colors.ink, 1.5);
  panel.line(view.tests.map(test => test.trials), view.tests.map(value));
  for (const test of view.tests) panel.dot(test.trials, value(test), 2.5);
}

function lossPanel(parent, view) {
  return new Panel(parent, {
    margins: MARGINS,
    label: 'loss of each trial and of each test against the number of trials',
    x: trialAxis(view),
    y: [0, 16],
    xlabel: 'trials',
    ylabel: 'loss',
    fit: panel => fitTrials(panel, view),
    paint(panel) {
      panel.style(panel.colors.soft, 1, DASHES);
      across(panel, panel.x, MAX_LOSS);
    },
    mark(panel) {
      panel.style(panel.colors.soft);
      view.losses.forEach((loss, k) => {
        panel.pen.fillRect(panel.toX(k + 1) - .75, panel.toY(Math.min(loss, 16)) - .75, 1.5, 1.5);
      });
      panel.clipped(() => drawTests(panel, view, test => test.loss));
    },
  });
}

function accuracyPanel(parent, view) {
  return new Panel(parent, {
    margins: MARGINS,
    label: 'percent of correct trials in each test against the number of trials',
    x: trialAxis(view),
    y: [0, 105],
    xlabel: 'trials',
    ylabel: 'correct (%)',
    fit: panel => fitTrials(panel, view),
    paint(panel) {
      panel.style(panel.colors.soft, 1, DASHES);
      across(panel, panel.x, 100 * MIN_ACCURACY);
      panel.style(panel.colors.soft, 1, [1, 2]);
      across(panel, panel.x, SILENT);
    },
    mark(panel) {
      drawTests(panel, view, test => 100 * test.accuracy);
    },
  });
}

function outputPanel(parent, view) {
  const answer = [PULSE_STOP * STEP_MS, T * STEP_MS];
  return new Panel(parent, {
    margins: MARGINS,
    label: 'output against time in the last go and the last nogo trial',
    x: [0, T * STEP_MS],
    y: [-.6, 1.6],
    xlabel: 'time (ms), the pulse is shaded',
    ylabel: 'output',
    fit() {},
    paint(panel) {
      panel.style(panel.colors.light);
      panel.band(PULSE_START * STEP_MS, PULSE_STOP * STEP_MS);
      panel.style(panel.colors.c0, 1, DASHES);
      across(panel, answer, .7);
      panel.style(panel.colors.c1, 1, DASHES);
      for (const limit of [-.3, .3]) across(panel, answer, limit);
    },
    mark(panel) {
      panel.clipped(() => {
        panel.style(panel.colors.c0, 1.5);
        panel.line(OUTPUT_TIMES, view.outputs.go);
        panel.style(panel.colors.c1, 1.5);
        panel.line(OUTPUT_TIMES, view.outputs.nogo);
      });
    },
  });
}

// One pixel for each connection: the row gets it, the column sends it.
function drawMatrix(canvas, {layout, weights}, colors) {
  const {N, inh, start, pre} = layout;
  const {places} = placesByType(inh);
  const pen = canvas.getContext('2d');
  canvas.width = N;  // this also clears it
  canvas.height = N;
  for (let i = 0; i < N; i++) {
    for (let c = start[i]; c < start[i + 1]; c++) {
      pen.fillStyle = weights[c] < 0 ? colors.I : colors.E;
      pen.globalAlpha = Math.min(1, Math.abs(weights[c]) / FULL_COLOR);
      pen.fillRect(places[pre[c]], places[i], 1, 1);
    }
  }
}

function weightPanel(parent, view) {
  const matrix = document.createElement('canvas');
  const size = () => view.layout.N;
  return new Panel(parent, {
    margins: MARGINS,
    label: 'weights: a row for the unit that gets a connection, a column for the one that sends it',
    x: [0, size()],
    y: [0, size()],
    xlabel: 'from unit (a row: to unit)',
    groups: [],
    fit(panel) {
      const {NE} = placesByType(view.layout.inh);
      const groups = [{name: 'E', size: NE}, {name: 'I', size: size() - NE}];
      if (JSON.stringify(groups) === JSON.stringify(panel.groups)) return;
      Object.assign(panel, {groups, x: [0, size()], y: [0, size()]});
      panel.repaint();
    },
    paint() {},
    mark(panel) {
      const {left, top, width, height} = panel.inside;
      drawMatrix(matrix, view, panel.colors);
      panel.pen.imageSmoothingEnabled = false;
      panel.pen.drawImage(matrix, left, top, width, height);
    },
  });
}

// parts: of buildTrainer.
export function makePanels(parts, view) {
  return [lossPanel(parts.losses, view), outputPanel(parts.outputs, view),
    accuracyPanel(parts.accuracies, view), weightPanel(parts.weights, view)];
}
