// The panels of the trainer. A view is what they draw: {layout, losses, tests, outputs, weights},
// see trainee.mjs.

import {placesByType, typeGroups} from '../network/units.mjs';
import {MAX_LOSS, MIN_ACCURACY, PULSE_START, PULSE_STOP, T} from '../work/training.mjs';
import {Panel} from './panel.mjs';

const STEP_MS = 5;
const MARGINS = {right: 16, bottom: 32};  // px
const DASHES = [4, 3];
const LONGEST_X = [500, 1000, 1500, 2000, 3000, 4000, 6000];  // trials on the axis
const MOST_LOSS = 16;  // on the axis
const SILENT = 50;  // percent that a silent network gets right: all nogo trials
const OUTPUT_TIMES = Float64Array.from({length: T - 1}, (_, j) => (j + 1) * STEP_MS);
const FULL_COLOR = 1.5;  // the weight from which on all look alike

function across(panel, color, dashes, y, x = panel.x) {
  panel.style(panel.colors[color], 1, dashes);
  panel.line(x, [y, y]);
}

// Axes that grow with the training.
function trialAxis(view) {
  return [0, LONGEST_X.find(most => most >= view.losses.length)];
}

function testPanel(parent, view, options) {
  return new Panel(parent, {
    margins: MARGINS,
    x: trialAxis(view),
    xlabel: 'trials',
    fit(panel) {
      const x = trialAxis(view);
      if (x[1] === panel.x[1]) return;
      panel.x = x;
      panel.repaint();
    },
    ...options,
  });
}

function drawTests(panel, view, value) {
  panel.style(panel.colors.ink, 1.5);
  panel.line(view.tests.map(test => test.trials), view.tests.map(value));
  for (const test of view.tests) panel.dot(test.trials, value(test), 2.5);
}

function lossPanel(parent, view) {
  return testPanel(parent, view, {
    label: 'loss of each trial and of each test against the number of trials',
    y: [0, MOST_LOSS],
    ylabel: 'loss',
    paint: panel => across(panel, 'soft', DASHES, MAX_LOSS),
    mark(panel) {
      panel.style(panel.colors.soft);
      view.losses.forEach((loss, k) => {
        const [x, y] = [panel.toX(k + 1), panel.toY(Math.min(loss, MOST_LOSS))];
        panel.pen.fillRect(x - .75, y - .75, 1.5, 1.5);
      });
      panel.clipped(() => drawTests(panel, view, test => test.loss));
    },
  });
}

function accuracyPanel(parent, view) {
  return testPanel(parent, view, {
    label: 'percent of correct trials in each test against the number of trials',
    y: [0, 105],
    ylabel: 'correct (%)',
    paint(panel) {
      across(panel, 'soft', DASHES, 100 * MIN_ACCURACY);
      across(panel, 'soft', [1, 2], SILENT);
    },
    mark: panel => drawTests(panel, view, test => 100 * test.accuracy),
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
    paint(panel) {
      panel.style(panel.colors.light);
      panel.band(PULSE_START * STEP_MS, PULSE_STOP * STEP_MS);
      across(panel, 'c0', DASHES, .7, answer);
      for (const limit of [-.3, .3]) across(panel, 'c1', DASHES, limit, answer);
    },
    mark(panel) {
      panel.clipped(() => {
        for (const [color, type] of [['c0', 'go'], ['c1', 'nogo']]) {
          panel.style(panel.colors[color], 1.5);
          panel.line(OUTPUT_TIMES, view.outputs[type]);
        }
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
  let shown = null;  // the layout of another network comes with other axes
  return new Panel(parent, {
    margins: MARGINS,
    label: 'weights: a row for the unit that gets a connection, a column for the one that sends it',
    x: [0, 1],
    y: [0, 1],
    xlabel: 'from unit (a row: to unit)',
    groups: [],
    fit(panel) {
      if (view.layout === shown) return;
      shown = view.layout;
      const {N, inh} = shown;
      const groups = typeGroups(placesByType(inh).NE, N);
      Object.assign(panel, {groups, x: [0, N], y: [0, N]});
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

// parts: of a Page.
export function makePanels(parts, view) {
  return [lossPanel(parts.losses, view), outputPanel(parts.outputs, view),
    accuracyPanel(parts.accuracies, view), weightPanel(parts.weights, view)];
}
