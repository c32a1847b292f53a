// The panels of the player: what stands still in each, what moves, and what stands above them. A
// view is what they draw: {network, fixed, marks, unit, u, z, limits, intact, lesioned, windows,
// silences, silent}, T steps of the trial, and times of the longest one in ms. `intact` is the
// network as it is given; `silent` are its units that are so already.

import {givenName} from '../network/network.mjs';
import {typeGroups} from '../network/units.mjs';
import {Panel} from './panel.mjs';
import {gradient, pixels} from './pixels.mjs';

const LINE = 1.5;
const ROW_LEFT = 8;  // px left of a panel whose rows are named by the panel before it

function timeAxis(view) {
  return {x: [0, view.times.at(-1)], xlabel: 'time (ms)'};
}

function cursor(panel, time) {
  panel.style(panel.colors.ink);
  panel.vertical(time);
}

// Light behind the lines, while something is done to the network.
export function lightWindows(panel, view) {
  panel.style(panel.colors.light);
  for (const {from, to} of view.windows) panel.band(view.times[from], view.times[to]);
}

// Colours that are numbers are not to be tinted: a bar stands above them.
export function markWindows(panel, view) {
  panel.style(panel.colors.soft);
  for (const {from, to} of view.windows) panel.bar(view.times[from], view.times[to]);
}

export function inputPanel(parent, view) {
  return new Panel(parent, {
    ...timeAxis(view),
    xlabel: '',
    margins: {bottom: 4},
    label: 'input against time',
    y: view.fixed.u,
    ylabel: 'input',
    paint(panel) {
      lightWindows(panel, view);
      view.u.forEach((row, k) => {
        panel.style(panel.colors[`c${k % 4}`], LINE, inputDashes(k));
        panel.clipped(() => panel.line(view.times, row));
      });
    },
    mark(panel, position) {
      cursor(panel, position * view.network.stepMs);
    },
  });
}

export function outputPanel(parent, view) {
  const drawAll = (panel, rows, color, width) => rows.forEach((row, m) => {
    panel.style(color, width, outputDashes(m, width));
    panel.line(view.outputTimes, row);
  });
  return new Panel(parent, {
    ...timeAxis(view),
    label: `target, output of the network ${givenName(view.network)} and lesioned against time`,
    y: view.fixed.o,
    ylabel: 'output',
    paint(panel) {
      lightWindows(panel, view);
      panel.clipped(() => {
        drawAll(panel, view.z, panel.colors.soft, 6);
        drawLimits(panel, view);
        drawAll(panel, view.intact.o, panel.colors.intact, LINE);
        drawAll(panel, view.lesioned.o, panel.colors.ink, LINE);
      });
    },
    mark(panel, position, step) {
      cursor(panel, position * view.network.stepMs);
      if (step === 0) return;
      for (const [color, {o}] of [['intact', view.intact], ['ink', view.lesioned]]) {
        panel.style(panel.colors[color]);
        for (const row of o) panel.dotWithin(view.times[step], row[step - 1], 4);
      }
    },
  });
}

// What a correct trial must stay between, or be beyond at some time.
function drawLimits(panel, view) {
  panel.style(panel.colors.ink, 1, [2, 3]);
  for (const {from, to, low, high, reach} of view.limits) {
    const xs = [view.outputTimes[from], view.outputTimes[to - 1]];
    const ys = reach === undefined ? [low, high] : [reach];
    for (const y of ys) panel.line(xs, [y, y]);
  }
}

// An image with one pixel for a unit and step, to be stretched; silent units are grey.
function rateImage(view, r, silences, grey) {
  const {order, places, rMax} = view.fixed;
  const {T} = view;
  const canvas = document.createElement('canvas');
  canvas.width = T;
  canvas.height = order.length;
  const pen = canvas.getContext('2d');
  pen.putImageData(new ImageData(pixels(r, T, order, rMax), T, order.length), 0, 0);
  pen.fillStyle = grey;
  for (const {unit, start, stop} of silences) pen.fillRect(start, places[unit], stop - start, 1);
  return canvas;
}

// which: 'intact' or 'lesioned'.
export function heatPanel(parent, view, which) {
  const first = which === 'intact';
  const name = first ? givenName(view.network) : which;
  return new Panel(parent, {
    ...timeAxis(view),
    y: [0, view.network.N],
    ...(first ? {groups: typeGroups(view.fixed.NE, view.network.N)} : {margins: {left: ROW_LEFT}}),
    label: `firing rate of each unit of the network ${name} against time`,
    paint(panel) {
      const {left, top, width, height} = panel.inside;
      const silences = first ? view.silent : view.silences;
      const image = rateImage(view, view[which].r, silences, panel.colors.cut);
      panel.pen.imageSmoothingEnabled = false;
      const share = (view.T - 1) / (view.times.length - 1);
      panel.pen.drawImage(image, left, top, share * width, height);
      if (!first) markWindows(panel, view);
    },
    mark(panel, position) {
      const {top, height} = panel.inside;
      markUnit(panel, view);
      rimmed(panel, panel.toX(position * view.network.stepMs), top, height);
    },
  });
}

// Black with a white rim is seen on every colour.
function rimmed(panel, x, top, height) {
  panel.style('#fff');
  panel.pen.fillRect(x - 1.5, top, 3, height);
  panel.style('#000');
  panel.pen.fillRect(x - .5, top, 1, height);
}

// Two arrows, left and right of a unit's row.
function markUnit(panel, view) {
  if (view.unit === null) return;
  const {left, width} = panel.inside;
  const y = panel.toY(panel.y[1] - view.fixed.places[view.unit] - .5);
  panel.style(panel.colors.ink);
  arrow(panel, left, y, -6);
  arrow(panel, left + width, y, 6);
}

function arrow(panel, x, y, size) {
  panel.pen.beginPath();
  panel.pen.moveTo(x, y);
  panel.pen.lineTo(x + size, y - 4);
  panel.pen.lineTo(x + size, y + 4);
  panel.pen.fill();
}

export function ratesPanel(parent, view) {
  return new Panel(parent, {
    label: `firing rate of each unit now: bars lesioned, dots ${givenName(view.network)}`,
    margins: {left: ROW_LEFT},
    x: [0, view.fixed.rMax],
    y: [0, view.network.N],
    xlabel: 'firing rate',
    paint() {},
    mark(panel, position, step) {
      panel.clipped(() => drawRates(panel, view, step));
      markUnit(panel, view);
    },
  });
}

function drawRates(panel, view, step) {
  const {left, top, height} = panel.inside;
  const {order, NE} = view.fixed;
  const {T} = view;
  const row = height / order.length;
  const thickness = row < 3 ? row : .8 * row;  // a gap where it can be seen
  for (const [color, from, to] of [['E', 0, NE], ['I', NE, order.length]]) {
    panel.style(panel.colors[color]);
    for (let k = from; k < to; k++) {
      const length = panel.toX(view.lesioned.r[order[k] * T + step]) - left;
      panel.pen.fillRect(left, top + k * row, length, thickness);
    }
  }
  panel.style(panel.colors.intact);
  order.forEach((unit, k) => {
    const x = panel.toX(view.intact.r[unit * T + step]);
    panel.pen.fillRect(x - 1, top + k * row, 2, thickness);
  });
}

export function planePanel(parent, view) {
  const {x, y} = view.fixed.path;
  const [first, second] = Array.from(view.network.basis.explained, part => Math.round(100 * part));
  return new Panel(parent, {
    x,
    y,
    label: 'path of the firing rates in the first two principal components of the network '
      + givenName(view.network),
    xlabel: `PC 1 (${first} % of variance)`,
    xshort: `PC 1 (${first} %)`,
    ylabel: `PC 2 (${second} %)`,
    paint(panel) {
      panel.clipped(() => {
        panel.style(panel.colors.intact, LINE);
        panel.line(view.intact.path.x, view.intact.path.y);
        panel.style(panel.colors.soft, LINE);
        panel.line(view.lesioned.path.x, view.lesioned.path.y);
      });
    },
    mark: (panel, position, step) => drawPath(panel, view, step),
  });
}

function drawPath(panel, view, step) {
  const {x: xs, y: ys} = view.lesioned.path;
  panel.style(panel.colors.intact);
  panel.dotWithin(view.intact.path.x[step], view.intact.path.y[step], 4);
  panel.style(panel.colors.ink, 2);
  panel.clipped(() => panel.line(xs, ys, step + 1));
  panel.dotWithin(xs[step], ys[step], 5);
  nameStart(panel, xs[0], ys[0]);
}

// The word stays inside the axes.
function nameStart(panel, x, y) {
  const right = x > (panel.x[0] + panel.x[1]) / 2;
  const above = y > (panel.y[0] + panel.y[1]) / 2;
  panel.pen.textAlign = right ? 'right' : 'left';
  panel.pen.fillText('start', panel.toX(x) + (right ? -8 : 8), panel.toY(y) + (above ? 12 : -4));
}

// --- lines

// In multiples of a line's width: solid, dashed, dotted, dash and dot.
const PATTERNS = [[], [3.7, 1.6], [1, 1.65], [6.4, 1.6, 1, 1.6]];

// The dashes of output m.
export function outputDashes(m, width) {
  return PATTERNS[m % PATTERNS.length].map(part => part * width);
}

// The dashes of input channel k: its colour comes back after four channels, its dashes do not.
export function inputDashes(k) {
  if (k === 0) return [];
  return [6, 2 * k];
}

// --- legends

// parts: of a Page.
export function fillLegends(parts, world, fixed) {
  const {network, trials} = world;
  const inputs = parts.input.querySelector('figcaption');
  trials.channels.forEach((name, k) => {
    inputs.append(legend(`\u25ac ${name}`, {style: `color: var(--c${k % 4})`}));
  });
  // what Python does to the network beside the reader's lesion
  for (const {words} of world.given) inputs.append(legend(words, {class: 'window'}));
  inputs.title = inputs.textContent.trim().replace(/\s+/g, ' ');  // where it is cut off
  if (network.M > 1) {
    const outputs = parts.output.querySelector('figcaption');
    trials.outputs.forEach((name, m) => outputs.append(outputLegend(name, m)));
  }
  const scale = parts.heat.querySelector('.scale');
  scale.querySelector('i').style.background = gradient();
  scale.querySelector('span').textContent = fixed.rMax.toPrecision(2);
}

function legend(words, attributes = {}) {
  const element = document.createElement('span');
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = words;
  return element;
}

// Several outputs are told apart by their dashes.
function outputLegend(name, m) {
  const element = legend(` ${name}`);
  element.insertAdjacentHTML('afterbegin', `<svg width="26" height="9" aria-hidden="true">
    <line x2="26" y1="5" y2="5" stroke="currentColor" stroke-width="${LINE}"
      stroke-dasharray="${outputDashes(m, LINE)}"/></svg>`);
  return element;
}
