// The five panels of a trial: what stands still in each, and what moves.

import {range} from './axes.mjs';
import {pixels} from './colormap.mjs';
import {inputDashes, outputDashes} from './lines.mjs';
import {Panel} from './panel.mjs';

export function trialPanels(trial) {
  return [inputPanel, outputPanel, heatPanel, ratesPanel, pathPanel].map(make => make(trial));
}

function figure(id) {
  return document.getElementById(id);
}

function timeAxis(trial) {
  return {x: [0, trial.times.at(-1)], xlabel: 'time (ms)'};
}

function unitAxis(trial) {
  const groups = [{name: 'E', size: trial.NE}, {name: 'I', size: trial.N - trial.NE}];
  return {y: [0, trial.N], groups};
}

function cursor(panel, time) {
  panel.style(panel.colors.ink);
  panel.vertical(time);
}

// Light behind the lines, while something is done to the network.
export function lightWindows(panel, trial) {
  panel.style(panel.colors.light);
  for (const {from, to} of trial.windows) panel.band(from, to);
}

// Colours that are numbers are not to be tinted: a bar stands above them.
export function markWindows(panel, trial) {
  panel.style(panel.colors.soft);
  for (const {from, to} of trial.windows) panel.bar(from, to);
}

function inputPanel(trial) {
  return new Panel(figure('input'), {
    ...timeAxis(trial),
    height: 120,
    label: 'input against time',
    y: range(trial.u),
    ylabel: 'input',
    paint(panel) {
      lightWindows(panel, trial);
      trial.u.forEach((row, k) => {
        panel.style(panel.colors[`c${k % 4}`], 1.5, inputDashes(k));
        panel.line(trial.times, row);
      });
    },
    mark(panel, position) {
      cursor(panel, position * trial.stepMs);
    },
  });
}

function outputPanel(trial) {
  const drawAll = (panel, rows, color, width) => rows.forEach((row, m) => {
    panel.style(color, width, outputDashes(m, width));
    panel.line(trial.outputTimes, row);
  });
  return new Panel(figure('output'), {
    ...timeAxis(trial),
    height: 160,
    label: 'output and target against time',
    y: range([...trial.o, ...trial.z, [0]]),
    ylabel: 'output',
    paint(panel) {
      lightWindows(panel, trial);
      drawAll(panel, trial.z, panel.colors.soft, 6);
      drawAll(panel, trial.o, panel.colors.ink, 1.5);
    },
    mark(panel, position, step) {
      cursor(panel, position * trial.stepMs);
      if (step === 0) return;
      for (const row of trial.o) panel.dot(trial.times[step], row[step - 1], 4);
    },
  });
}

// An image with one pixel for a unit and step, to be stretched.
function rateImage(trial) {
  const canvas = document.createElement('canvas');
  canvas.width = trial.T;
  canvas.height = trial.N;
  const image = new ImageData(pixels(trial.r, trial.rMax), trial.T, trial.N);
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}

function heatPanel(trial) {
  const image = rateImage(trial);
  return new Panel(figure('heat'), {
    ...timeAxis(trial),
    ...unitAxis(trial),
    height: 260,
    label: 'firing rate of each unit against time',
    paint(panel) {
      const {left, top, width, height} = panel.inside;
      panel.pen.imageSmoothingEnabled = false;
      panel.pen.drawImage(image, left, top, width, height);
      markWindows(panel, trial);
    },
    mark(panel, position) {  // black with a white rim is seen on every colour
      const x = panel.toX(position * trial.stepMs);
      const {top, height} = panel.inside;
      panel.style('#fff');
      panel.pen.fillRect(x - 1.5, top, 3, height);
      panel.style('#000');
      panel.pen.fillRect(x - .5, top, 1, height);
    },
  });
}

function ratesPanel(trial) {
  return new Panel(figure('rates'), {
    ...unitAxis(trial),
    height: 260,
    label: 'firing rate of each unit now',
    x: [0, trial.rMax],
    xlabel: 'firing rate',
    paint() {},
    mark(panel, position, step) {
      const {left, top, height} = panel.inside;
      const row = height / trial.N;
      const thickness = Math.max(.6 * row, .8);
      for (const [color, from, to] of [['E', 0, trial.NE], ['I', trial.NE, trial.N]]) {
        panel.style(panel.colors[color]);
        for (let j = from; j < to; j++) {
          const length = panel.toX(trial.r[j][step]) - left;
          panel.pen.fillRect(left, top + j * row, length, thickness);
        }
      }
    },
  });
}

function pathPanel(trial) {
  const {x: xs, y: ys} = trial.path;
  const [first, second] = trial.explained;
  return new Panel(figure('pca'), {
    height: 298,
    label: 'path of the firing rates in their first two principal components',
    x: range([xs]),
    y: range([ys]),
    xlabel: `PC 1 (${first} % of variance)`,
    ylabel: `PC 2 (${second} %)`,
    paint(panel) {
      panel.style(panel.colors.soft, 1.5);
      panel.line(xs, ys);
    },
    mark(panel, position, step) {
      panel.style(panel.colors.ink, 2);
      panel.line(xs, ys, step + 1);
      panel.dot(xs[step], ys[step], 5);
      const middle = (panel.x[0] + panel.x[1]) / 2;
      panel.pen.textAlign = xs[0] > middle ? 'right' : 'left';  // the word stays inside the axes
      panel.pen.fillText(' start ', panel.toX(xs[0]), panel.toY(ys[0]));
    },
  });
}
