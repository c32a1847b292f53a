// The weight matrix by type, and what a state cuts: a column for each unit that sends, a row for
// each that receives; excitatory units first.

import {PAIRINGS, postOf} from '../network/effects.mjs';
import {scaled} from '../network/network.mjs';
import {placesByType} from '../network/units.mjs';
import {effectsOf} from '../work/experiment.mjs';
import {PanelView} from './panel.mjs';
import {matrixPixels, pixel, toRGB} from './pixels.mjs';

const STRONG = .9;  // weights from this share of all on are drawn in full colour

// What each connection is multiplied by, whenever in the trial.
export function factorsOf(network, effects) {
  const gains = scaled(network.gain, effects, 'gain');
  return scaled(Float64Array.from(network.w.pre, unit => gains[unit]), effects, 'w');
}

// The pairing at a place of the matrix, its column and its row.
export function pairingAt(column, row, NE) {
  return PAIRINGS[2 * Number(column >= NE) + Number(row >= NE)];
}

export class MatrixView extends PanelView {
  constructor(parent, app) {
    const {network} = app.world;
    super(parent, app, {
      label: 'weight matrix: from the unit of a column to the unit of a row',
      x: [0, network.N],
      y: [0, network.N],
      margins: {left: 18, right: 4, top: 16, bottom: 4},
    });
    Object.assign(this, placesByType(network.inh));
    this.post = postOf(network);
    const sizes = Array.from(network.w.value, Math.abs).sort((a, b) => a - b);
    this.strong = sizes[Math.floor(STRONG * (sizes.length - 1))] || 1;
    this.picture = document.createElement('canvas').getContext('2d');
    const {canvas} = this.panel;
    canvas.addEventListener('pointermove', event => this.point(this.pairingUnder(event)));
    canvas.addEventListener('pointerleave', () => this.point(null));
    canvas.addEventListener('click', event => this.silence(this.pairingUnder(event)));
  }

  pairingUnder({offsetX, offsetY}) {
    return pairingAt(this.panel.columnAt(offsetX), this.panel.rowAt(offsetY), this.NE);
  }

  point(pairing) {
    if (pairing === this.pointed) return;
    this.pointed = pairing;
    this.panel.canvas.title = pairing ? `${pairing}: click to cut it, again to mend it` : '';
    this.panel.draw(0);
  }

  // Cut a pairing, or give it back where it is cut already.
  silence(pairing) {
    const {state} = this.app;
    const cut = state.site === pairing && state.fraction === 1 && state.scale === 0;
    this.app.change(cut ? {fraction: 0} : {site: pairing, fraction: 1, scale: 0});
  }

  paint(panel) {
    const {left, top, width, height} = panel.inside;
    const {canvas} = this.drawn(panel);
    panel.pen.imageSmoothingEnabled = false;
    panel.pen.drawImage(canvas, left, top, width, height);
    this.paintTypes(panel);
  }

  // The matrix as a picture of its own, as large as the screen has pixels for it.
  drawn(panel) {
    const scale = panel.still.width / panel.width;
    const {canvas} = this.picture;
    canvas.width = Math.round(scale * panel.inside.width);
    canvas.height = Math.round(scale * panel.inside.height);
    const {width, height} = canvas;
    const N = this.order.length;
    const image = matrixPixels({width, height, N, ...this.entries(panel.colors)});
    const bytes = new Uint8ClampedArray(image.buffer);
    this.picture.putImageData(new ImageData(bytes, width, height), 0, 0);
    return this.picture;
  }

  // Columns, rows and colours of all connections; those that are cut, or were before the page had
  // them, lie below the others.
  entries(colors) {
    const {world, state} = this.app;
    const {pre, value} = world.network.w;
    const factors = factorsOf(world.network, effectsOf(world, state));
    const [E, I, cut] = [colors.E, colors.I, colors.cut].map(toRGB);
    const all = [...value.keys()];
    const order = [...all.filter(c => factors[c] === 0), ...all.filter(c => factors[c] !== 0)];
    const {N, severed} = world.network;
    const gone = [...severed ?? []];
    const colorOf = c => {
      if (factors[c] === 0) return pixel(cut, 1);
      const strength = Math.min(1, Math.abs(value[c] * factors[c]) / this.strong);
      return pixel(value[c] < 0 ? I : E, .3 + .7 * strength);
    };
    return {
      columns: [...gone.map(at => at % N), ...order.map(c => pre[c])].map(j => this.places[j]),
      rows: [...gone.map(at => Math.floor(at / N)), ...order.map(c => this.post[c])]
        .map(i => this.places[i]),
      colors: [...gone.map(() => pixel(cut, 1)), ...order.map(colorOf)],
    };
  }

  // Lines between the types, and their names at the columns and the rows.
  paintTypes(panel) {
    const {left, top, height} = panel.inside;
    const N = this.order.length;
    const names = [['E', 0, this.NE], ['I', this.NE, N]].filter(([, from, to]) => to > from);
    panel.pen.textAlign = 'center';
    for (const [name, from, to] of names) {
      panel.style(panel.colors[name]);
      const middle = (from + to) / 2;
      panel.pen.fillText(name, panel.toX(middle), top - 4);
      panel.pen.fillText(name, left - 9, top + middle / N * height + 4);
    }
    if (names.length < 2) return;
    panel.style(panel.colors.soft);
    panel.line([this.NE, this.NE], [0, N]);
    panel.line([0, N], [N - this.NE, N - this.NE]);
  }

  // A frame around the pairing under the pointer, and one around that of the state.
  mark(panel) {
    const {site} = this.app.state;
    if (PAIRINGS.includes(site)) this.frame(panel, site, panel.colors.ink, 2);
    if (this.pointed) this.frame(panel, this.pointed, panel.colors.soft, 2);
  }

  frame(panel, pairing, color, width) {
    const N = this.order.length;
    const [pre, post] = pairing.split('-');
    const spans = {E: [0, this.NE], I: [this.NE, N]};
    const [x0, x1] = spans[pre].map(column => panel.toX(column));
    const [y0, y1] = spans[post].map(row => panel.toY(N - row));
    panel.style(color, width);
    panel.pen.strokeRect(x0 + 1, y0 + 1, x1 - x0 - 2, y1 - y0 - 2);
  }
}
