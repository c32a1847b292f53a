// A row of all units by type: the height of a bar is the time constant, the strip below it says
// how well the unit tells two labels apart. A click silences a unit.

import {scaled} from '../network/network.mjs';
import {placesByType, toggleUnit, unitWords} from '../network/units.mjs';
import {effectsOf} from '../work/experiment.mjs';
import {PanelView} from './panel.mjs';

const STRIP = 10;  // px
const STRONG = 3;  // a selectivity d' from this on is drawn in full colour

// A unit in words: 'unit 17, E, tau 45 ms, d' 2.3'.
function aboutUnit(network, unit) {
  const words = `unit ${unit}, ${unitWords(network, unit)}`;
  const selective = network.selectivity?.[unit];
  if (selective === undefined) return words;
  const size = Number.isFinite(selective) ? Math.abs(selective).toFixed(1) : '\u221e';
  return `${words}, d' ${selective < 0 ? '-' : ''}${size}`;
}

export class UnitsView extends PanelView {
  constructor(parent, app) {
    const {network} = app.world;
    const longest = Math.max(...network.tau) * network.stepMs;
    super(parent, app, {
      label: 'time constant of each unit',
      x: [0, network.N],
      y: [0, 1.1 * longest],
      ylabel: '\u03c4 (ms)',
      margins: {left: 40, right: 4, top: 4, bottom: 8 + STRIP},
    });
    Object.assign(this, placesByType(network.inh));
    this.about = document.createElement('p');
    this.about.className = 'about';
    parent.append(this.about);
    this.lookAt(null);
    const {canvas} = this.panel;
    canvas.addEventListener('pointermove', event => this.lookAt(this.unitUnder(event)));
    canvas.addEventListener('pointerleave', () => this.lookAt(null));
    canvas.addEventListener('click', event => this.silence(this.unitUnder(event)));
    this.listenToKeys(canvas);
  }

  // By keys: arrows go from unit to unit, Enter or space silences it.
  listenToKeys(canvas) {
    const N = this.order.length;
    const values = {role: 'slider', tabindex: 0, 'aria-valuemin': 0, 'aria-valuemax': N - 1};
    for (const [name, value] of Object.entries(values)) canvas.setAttribute(name, value);
    canvas.setAttribute('aria-label', 'unit: arrows choose one, Enter silences it');
    canvas.addEventListener('focus', () => this.lookAt(this.unit ?? this.order[0]));
    canvas.addEventListener('blur', () => this.lookAt(null));
    canvas.addEventListener('keydown', event => {
      const by = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1}[event.key];
      if (by) this.lookAt(this.order[(this.places[this.unit] + by + N) % N]);
      else if (event.key === 'Enter' || event.key === ' ') this.silence(this.unit);
      else return;
      event.preventDefault();
    });
  }

  silence(unit) {
    this.app.change(toggleUnit(this.app.state, unit, this.order.length));
  }

  unitUnder({offsetX}) {
    return this.order[this.panel.columnAt(offsetX)];
  }

  lookAt(unit) {
    this.unit = unit;
    const {network} = this.app.world;
    this.about.textContent = unit === null ? this.legend() : aboutUnit(network, unit);
    this.panel.canvas.setAttribute('aria-valuenow', unit === null ? 0 : this.places[unit]);
    this.panel.canvas.setAttribute('aria-valuetext', this.about.textContent);
    if (this.panel.inside) this.panel.draw(0);
  }

  legend() {
    const {selectivity} = this.app.world.network;
    const {selective} = this.app;
    const units = 'Units: E, then I; click one to silence it.';
    if (!selectivity || !selective) return units;
    return `${units} Strip: fires more in ${selective[0]} (strong) or ${selective[1]} (faint).`;
  }

  paint(panel) {
    const {world, state} = this.app;
    const {network} = world;
    const {top, width, height} = panel.inside;
    const gains = scaled(network.gain, effectsOf(world, state), 'gain');
    const cell = width / this.order.length;
    this.order.forEach((unit, place) => {
      const x = panel.toX(place);
      const tall = network.tau[unit] * network.stepMs / panel.y[1] * height;
      const type = network.inh[unit] ? 'I' : 'E';
      panel.style(gains[unit] === 0 ? panel.colors.cut : panel.colors[type]);
      panel.pen.fillRect(x, top + height - tall, Math.max(.8, .8 * cell), tall);
    });
    if (network.selectivity) this.paintStrip(panel, cell);
  }

  paintStrip(panel, cell) {
    const {selectivity} = this.app.world.network;
    const {left, top, width, height} = panel.inside;
    const strip = top + height + 4;
    panel.style(panel.colors.paper);
    panel.pen.fillRect(left, strip, width, STRIP);
    this.order.forEach((unit, place) => {
      const share = Math.max(-1, Math.min(1, selectivity[unit] / STRONG));
      panel.pen.globalAlpha = .5 + .5 * share;
      panel.pen.fillStyle = panel.colors.ink;
      panel.pen.fillRect(panel.toX(place), strip, cell + .3, STRIP);
    });
    panel.pen.globalAlpha = 1;
  }

  mark(panel) {
    if (this.unit === null) return;
    const place = this.places[this.unit];
    const {top, height} = panel.inside;
    panel.style(panel.colors.ink, 1);
    panel.pen.strokeRect(panel.toX(place) - 1, top, panel.toX(place + 1) - panel.toX(place) + 2,
      height + STRIP + 4);
  }
}
