// The player: one trial of the network as given and lesioned, as a film.

import {givenName} from '../network/network.mjs';
import {resized, trialWords, trialsOfType} from '../network/trials.mjs';
import {toggleUnit, unitsSilenced, unitWords} from '../network/units.mjs';
import {Controls} from '../views/controls.mjs';
import {fillLegends, heatPanel, inputPanel, outputPanel, planePanel,
  ratesPanel} from '../views/player_panels.mjs';
import {describe, makeView, showState, showTrial} from '../views/player_view.mjs';
import {themeColors} from '../views/theme.mjs';
import {TrialStrip} from '../views/trial_strip.mjs';
import {WindowDrag} from '../views/window_drag.mjs';
import {Playback, keyAction} from './playback.mjs';
import {Page} from './page.mjs';
import {inWords} from '../work/action.mjs';

// By the class name of a verdict; the page alone cannot tell by a task's own rule.
const VERDICTS = {right: '\u2713 right', wrong: '\u2717 wrong', '': 'not scored here'};

// given: what the network is called without a lesion; damage: what was done to it before, in words.
const page = (given, damage) => `
<div class="controls"></div>
<div class="film" tabindex="-1">
  <div class="bar" role="group" aria-label="playback">
    <button class="play">play</button>
    <select class="speed" aria-label="speed">
      <option value=".25">0.25x</option>
      <option value=".5">0.5x</option>
      <option value="1" selected>1x</option>
      <option value="2">2x</option>
      <option value="4">4x</option>
    </select>
    <input class="scrub" type="range" min="0" step="1" value="0" aria-label="time in the trial">
    <span class="time"></span>
  </div>
  <div class="bar" role="group" aria-label="trial">
    <button class="previous" aria-label="previous trial">\u2039</button>
    <select class="trial" aria-label="trial"></select>
    <button class="next" aria-label="next trial">\u203a</button>
    <span class="verdict" role="status"><span class="intact">${given} <b></b></span><span
      class="lesioned">lesioned <b></b></span></span>
  </div>
  <div class="strip">
    <span class="cells" aria-hidden="true"></span> <span class="share"></span>
  </div>
  <p class="caution"${damage ? '' : ' hidden'}>As given: ${damage}.</p>
  <div class="panels">
    <figure class="input">
      <figcaption><b>input</b></figcaption>
    </figure>
    <figure class="output">
      <figcaption><b>output</b><span class="target">target</span>
        <span class="intact">${given}</span><span class="lesioned">lesioned</span></figcaption>
    </figure>
    <figure class="plane">
      <figcaption><b>all units</b><span class="intact">${given}</span>
        <span class="lesioned">lesioned</span></figcaption>
    </figure>
    <figure class="heat">
      <figcaption><b>rates, ${given}</b><span class="scale">0 <i></i> <span></span></span>
      </figcaption>
    </figure>
    <figure class="heat lesion">
      <figcaption><b>lesioned</b><span class="cut">silenced</span></figcaption>
    </figure>
    <figure class="rates">
      <figcaption><b>now</b><span class="intact">${given}</span></figcaption>
    </figure>
  </div>
  <div class="bar" role="group" aria-label="unit">
    <label>unit <input class="unit" type="number" min="0" step="1"></label>
    <span class="about"></span>
    <button class="silence" disabled>silence</button>
  </div>
</div>`;

// Fill the element `root` with a player of app.world. Returns a function that ends it.
export function mountPlayer(root, app) {
  const player = new Player(root, app);
  return () => player.end();
}

class Player extends Page {
  constructor(root, app) {
    super(root, 'player', page(givenName(app.network), app.network.damage));
    this.app = app;
    this.view = makeView(app.world);
    this.playback = new Playback(app.world.trials.T - 1);
    this.controls = new Controls(this.parts.controls, app);
    const {cells, share} = this.parts;
    this.strip = new TrialStrip(cells, share, app, {
      chosen: b => this.chooseTrial(b),
      done: () => this.report(),
    });
    this.makePanels();
    fillLegends(this.parts, app.world, this.view.fixed);
    this.listTrials();
    this.compute();
    this.listen();
    this.strip.update(app.state);
  }

  makePanels() {
    const {parts, view} = this;
    this.intactHeat = heatPanel(parts.heat, view, 'intact');
    this.ofUnits = [this.intactHeat, heatPanel(parts.lesion, view, 'lesioned'),
      ratesPanel(parts.rates, view)];
    const lines = [inputPanel(parts.input, view), outputPanel(parts.output, view)];
    this.drag = new WindowDrag(lines, this.app);
    this.panels = [...lines, ...this.ofUnits];
    if (view.fixed.path) this.panels.push(planePanel(parts.plane, view));
    parts.panels.classList.toggle('alone', !view.fixed.path);
    parts.plane.hidden = !view.fixed.path;
  }

  listen() {
    const {parts} = this;
    parts.play.addEventListener('click', () => this.toggle());
    parts.scrub.addEventListener('input', () => this.go(Number(parts.scrub.value)));
    parts.trial.addEventListener('change', () => this.chooseTrial(parts.trial.value));
    parts.previous.addEventListener('click', () => this.nextTrial(-1));
    parts.next.addEventListener('click', () => this.nextTrial(1));
    parts.unit.max = this.view.network.N - 1;
    parts.unit.addEventListener('input', () => this.lookAt(readUnit(parts.unit)));
    parts.silence.addEventListener('click', () => this.silence(this.view.unit));
    for (const panel of this.ofUnits) this.point(panel);
    parts.box.addEventListener('keydown', event => this.pressed(event));
    this.unlisten = this.app.listen((state, before) => this.stateChanged(state, before));
    this.watch(parts.panels);
  }

  end() {
    super.end();
    this.unlisten();
    this.strip.end();
    this.controls.end();
  }

  // A unit is looked at where the pointer is over its row, and silenced by a click.
  point(panel) {
    const unitAt = event => this.view.fixed.order[panel.rowAt(event.offsetY)];
    panel.canvas.addEventListener('pointermove', event => {
      const unit = unitAt(event);
      this.parts.unit.value = unit;
      this.lookAt(unit);
    });
    panel.canvas.addEventListener('click', event => this.silence(unitAt(event)));
  }

  listTrials() {
    const {trials} = this.app.world;
    const list = this.parts.trial;
    const chosen = list.value;
    const numbers = trialsOfType(trials, this.app.state.trial_type);
    list.replaceChildren(...numbers.map(b => {
      return new Option(`trial ${b + 1}: ${trialWords(trials, b)}`, b);
    }));
    list.value = chosen;
    if (list.selectedIndex < 0) list.selectedIndex = 0;
    this.strip.list(numbers);
  }

  // Where a task has a rule of its own: is the trial that is shown right?
  askPython() {
    const {app, view} = this;
    const {intact, lesioned, trial, network} = view;
    const steps = app.trials.T - 1;
    const answers = [intact, lesioned].map(({outputs}) => app.score({
      indices: [trial],
      correct: null,
      outputs: resized(outputs, network.M, steps).slice(),
    }));
    Promise.all(answers).then(([before, after]) => {
      if (before) intact.right = Boolean(before[0]);
      if (after) lesioned.right = Boolean(after[0]);
      this.judge();
    });
  }

  chooseTrial(b) {
    this.parts.trial.value = b;
    this.changed();
    this.strip.update(this.app.state);
  }

  nextTrial(by) {
    const list = this.parts.trial;
    const next = (list.selectedIndex + by + list.length) % list.length;
    this.chooseTrial(list.options[next].value);
  }

  stateChanged(state, before) {
    if (state.trial_type !== before.trial_type) this.listTrials();
    this.parts.box.removeAttribute('data-scored');
    this.changed();
    this.strip.update(state);
  }

  // What is shown, for Python.
  report() {
    const {app, view, strip} = this;
    const {n, right} = strip.count();
    this.parts.box.dataset.scored = n;
    if (!app.world.trials.scorable) this.askPython();
    app.report({
      trial: view.trial,
      intact_right: view.intact.right,
      lesioned_right: view.lesioned.right,
      n_trials: n,
      accuracy: right / n,
      words: inWords(app.state, app.facts),
    });
  }

  // Another trial or another state: it is run for the next frame, and once, whatever came since the
  // last one. The time in the trial stays as it is.
  changed() {
    this.stale = true;
    this.requestFrame();
  }

  nextFrame(time) {
    if (this.stale) this.refresh();
    if (this.playback.playing) this.advance(time);
    this.draw();
  }

  refresh() {
    const other = this.compute();
    const still = other ? [] : [this.intactHeat];
    for (const panel of this.panels) if (!still.includes(panel)) panel.repaint();
  }

  // Whether another trial is shown than before.
  compute() {
    const {app, view} = this;
    this.stale = false;
    const other = showTrial(view, app.world, Number(this.parts.trial.value), app.state.seed);
    showState(view, app.world, app.state);
    this.playback.end(view.T - 1);
    this.parts.scrub.max = view.T - 1;
    this.judge();
    this.strip.mark(view.trial);
    this.nameSilence();
    return other;
  }

  // It is written where it has changed, since a screen reader reads it then.
  judge() {
    for (const kind of ['intact', 'lesioned']) {
      const {right} = this.view[kind];
      const mark = this.parts.verdict.querySelector(`.${kind} b`);
      const className = {true: 'right', false: 'wrong'}[right] ?? '';
      const words = VERDICTS[className];
      if (mark.textContent !== words) Object.assign(mark, {className, textContent: words});
    }
  }

  layout() {
    const colors = themeColors(this.host);
    for (const panel of this.panels) panel.layout(colors);
    this.draw();
  }

  draw() {
    const {parts, playback, view} = this;
    for (const panel of this.panels) panel.draw(playback.position);
    parts.scrub.value = playback.step;
    parts.scrub.setAttribute('aria-valuetext', `${view.times[playback.step]} ms`);
    const {network: {stepMs}, trials: {outputs}} = this.app;
    parts.time.textContent = describe(view.lesioned.o, playback.step, stepMs, outputs);
    this.describeUnit();
  }

  toggle() {
    if (this.playback.playing) this.playback.pause();
    else this.playback.play(performance.now());
    this.namePlay();
    this.requestFrame();
  }

  namePlay() {
    this.parts.play.textContent = this.playback.playing ? 'pause' : 'play';
  }

  advance(time) {
    this.playback.speed = Number(this.parts.speed.value);
    this.playback.advance(time);
    if (this.playback.fps !== null) this.host.dataset.fps = this.playback.fps.toFixed(1);
    if (this.playback.playing) this.requestFrame();
    else this.namePlay();
  }

  go(step) {
    this.playback.go(step);
    this.requestFrame();
  }

  pressed(event) {
    const action = keyAction(event.key, event.target.tagName, event.target.type);
    if (action === null) return;
    event.preventDefault();
    event.stopPropagation();  // a notebook has uses of its own for these keys
    if (action === 'toggle') this.toggle();
    else this.go(this.playback.step + action);
  }

  // unit: its number, or null for none.
  lookAt(unit) {
    this.view.unit = unit;
    this.nameSilence();
    this.requestFrame();
  }

  describeUnit() {
    const {unit, network, intact, lesioned, T} = this.view;
    if (unit === null) {
      this.parts.about.textContent = `0 to ${network.N - 1}, or point at a row and click`;
      return;
    }
    const at = unit * T + this.playback.step;
    const [before, now] = [intact, lesioned].map(({r}) => r[at].toFixed(2));
    this.parts.about.textContent = `${unitWords(network, unit)}, rate ${before}, lesioned ${now}`;
  }

  nameSilence() {
    const {unit, network} = this.view;
    const silenced = unit !== null && unitsSilenced(this.app.state, network.N).includes(unit);
    this.parts.silence.disabled = unit === null;
    this.parts.silence.textContent = silenced ? 'restore' : 'silence';
  }

  silence(unit) {
    this.app.change(toggleUnit(this.app.state, unit, this.view.network.N));
  }
}

// The number that is typed, or null where there is no such unit.
function readUnit(input) {
  return input.value !== '' && input.validity.valid ? Number(input.value) : null;
}
