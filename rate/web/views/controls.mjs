// The controls of the state, the same beside the explorer's and the player's pictures.

import {countHits} from '../network/effects.mjs';
import {givenName} from '../network/network.mjs';
import {FIELDS, NAMES, isIdle, isOfUnits, isText, lasts, shown, siteGroups,
  typed} from '../work/state.mjs';
import {Sheet} from './sheet.mjs';

// What has the attribute data-of shows a field of the state and sets it.
const PAGE = `
<p class="about">A <b>lesion</b> cuts connections, or silences units, to find out what the network
  needs them for.</p>
<label for="site">lesion</label>
<select id="site" data-of="site"></select>
<div class="listed wide" hidden>
  <label for="units">units</label>
  <input id="units" data-of="units" type="text" placeholder="3, 17, 20-25" spellcheck="false"
    autocomplete="off">
</div>
<label for="percent">fraction</label>
<span class="nowrap"><input id="percent" data-of="fraction" type="number" step="1"> %
  <span id="hit"></span></span>
<div class="dose wide">
  <input id="fraction" data-of="fraction" type="range" step="1" aria-label="fraction">
</div>
<label for="times">scale</label>
<span class="pair"><input id="times" data-of="scale" type="number" step="any">
  <input id="scale" data-of="scale" type="range" step=".05"
    aria-label="scale" title="what weights or rates are multiplied by: 0 cuts them"></span>
<label for="from">from</label>
<span><input id="from" data-of="start" type="number"> to
  <input id="to" data-of="stop" type="number" aria-label="to, in ms"> ms
  <button id="always" title="lesion the whole trial">all</button></span>
<label for="lesion_seed">lesion seed</label>
<span><input id="lesion_seed" data-of="lesion_seed" type="number" step="1">
  <button id="draw" title="other connections or units, chosen at random: the next lesion seed">New
    draw</button></span>
<label for="seed">trial seed</label>
<span class="pair"><input id="seed" data-of="seed" type="number" step="1">
  <select id="trial_type" data-of="trial_type" aria-label="trial type"></select></span>
<p id="fixed" class="caution wide" hidden></p>
<div class="buttons wide" role="group" aria-label="state">
  <button id="undo">Undo</button>
  <button id="redo">Redo</button>
  <button id="reset" title="no lesion, on the same trials">Reset</button>
  <button id="code">Copy code</button>
  <button id="share">Share</button>
</div>
<p id="message" class="wide" role="status"></p>`;

export class Controls {
  // parent: an element, which gets the class `controls`; app: an App.
  constructor(parent, app) {
    this.app = app;
    parent.classList.add('controls');
    parent.insertAdjacentHTML('beforeend', PAGE);
    this.element = parent;
    this.dose = parent.querySelector('.dose');  // room for a curve under the slider
    this.buttons = parent.querySelector('.buttons');  // room for more
    this.listed = parent.querySelector('.listed');
    this.addFields();
    const named = Array.from(parent.querySelectorAll('[id]'));
    this.parts = Object.fromEntries(named.map(part => [part.id, part]));
    this.fields = Array.from(parent.querySelectorAll('[data-of]'));
    this.fill();
    this.act();
    this.sheet = new Sheet(parent, app);
    this.unlisten = [app.listen(() => this.show()), app.onSay(sentence => this.say(sentence))];
    this.show();
  }

  end() {
    for (const stop of this.unlisten) stop();
  }

  // A row for each field of the state that the page above has no place for.
  addFields() {
    for (const name of NAMES.filter(each => !this.element.querySelector(`[data-of=${each}]`))) {
      const row = `<label for="${name}">${FIELDS[name].words}</label>
        <span><input id="${name}" data-of="${name}" step="any"
          type="${isText(name) ? 'text' : 'number'}">
        ${FIELDS[name].unit ?? ''}</span>`;
      this.element.querySelector('#fixed').insertAdjacentHTML('beforebegin', row);
    }
  }

  fill() {
    const {network, trials} = this.app.world;
    for (const {name, sites} of siteGroups(network)) {
      const group = document.createElement('optgroup');
      group.label = name;
      group.append(...sites.map(([site, words]) => new Option(words, site)));
      this.parts.site.append(group);
    }
    const types = trials.types.map(type => new Option(type, type));
    this.parts.trial_type.append(new Option('all types', ''), ...types);
    this.parts.trial_type.hidden = types.length === 0;
    for (const part of this.fields) this.limit(part);
    if (!this.app.address) this.parts.share.textContent = 'Copy state';
    this.sayWhatSeedsDo();
  }

  // The lowest and the highest number that can be typed, and what lies between two.
  limit(part) {
    const {network: {stepMs}, trials: {T}} = this.app.world;
    const {type, range = type === 'window' ? [0, T] : null} = FIELDS[part.dataset.of];
    if (!range) return;
    [part.min, part.max] = range.map(value => shown(part.dataset.of, value, stepMs));
    if (type === 'window') part.step = stepMs;
  }

  // Where no Python draws trials anew, a trial seed does half of what it does otherwise.
  sayWhatSeedsDo() {
    const {model, facts} = this.app;
    this.parts.fixed.hidden = !(model.alone && facts.random_trials);
    this.parts.fixed.textContent = 'Here the trial seed changes the noise alone: without Python, '
      + `the stimuli stay those of seed ${facts.seed}.`;
  }

  act() {
    const {parts, app} = this;
    for (const part of this.fields) this.actField(part);
    const maxSeed = FIELDS.lesion_seed.range[1];
    const does = {
      always: () => app.change({start: 0, stop: app.trials.T}),
      draw: () => app.change({lesion_seed: (app.state.lesion_seed + 1) % (maxSeed + 1)}),
      undo: () => app.undo(),
      redo: () => app.redo(),
      reset: () => app.reset(),
      code: () => this.sheet.open('code', parts.code),
      share: () => this.sheet.open('state', parts.share),
    };
    for (const [id, act] of Object.entries(does)) parts[id].addEventListener('click', act);
    this.element.getRootNode().addEventListener('keydown', event => this.pressed(event));
  }

  // A slider moves the state while it moves; what is typed or chosen counts at its end.
  actField(part) {
    const name = part.dataset.of;
    const read = () => this.changeOf(name, typed(name, part.value, this.app.network.stepMs));
    if (part.type === 'range') {
      part.addEventListener('input', () => this.app.change(read(), part.id));
      part.addEventListener('change', () => this.app.endGesture());
    } else {
      part.addEventListener('change', () => this.set(part, read()));
    }
  }

  // What changes with a field. An empty list of units would hit nothing, so the first ten are there
  // to begin with; and who types units means them: all are hit where nothing was.
  changeOf(name, value) {
    const {units, fraction} = this.app.state;
    const listed = name === 'site' && value === 'units';
    if (listed && units === '') return {site: value, units: '0-9'};
    if (name === 'units' && fraction === 0) return {units: value, fraction: 1};
    return {[name]: value};
  }

  // What a reader typed stays as it is where it is wrong.
  set(part, change) {
    const possible = this.app.change(change);
    part.setAttribute('aria-invalid', String(!possible));
    if (possible) this.show();
  }

  // What is typed counts from Enter on, in JupyterLab too, which keeps that key from inputs.
  enter({key, target}) {
    const isTyped = target.matches?.('input[type=text], input[type=number]');
    if (key === 'Enter' && isTyped) target.dispatchEvent(new Event('change'));
  }

  // Undo and redo by the keys that every program has.
  pressed(event) {
    this.enter(event);
    const typing = event.target.matches?.('input[type=text], textarea');
    if (typing || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) this.app.undo();
    else if (key === 'y' || key === 'z') this.app.redo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  show() {
    const {parts, app} = this;
    const {state, network, trials} = app;
    for (const part of this.fields) {
      part.value = shown(part.dataset.of, state[part.dataset.of], network.stepMs);
      part.removeAttribute('aria-invalid');
    }
    parts.fraction.setAttribute('aria-valuetext', `${parts.percent.value} %`);
    this.listed.hidden = state.site !== 'units';
    parts.hit.textContent = hitWords(app.network, state);
    parts.hit.title = network.damage && `of what is left: ${network.damage}`;
    parts.always.disabled = lasts(state, trials.T);
    parts.undo.disabled = !app.history.canUndo;
    parts.redo.disabled = !app.history.canRedo;
    this.sheet.show();
  }

  say(sentence) {
    this.parts.message.textContent = sentence.split('\n', 1)[0];
  }
}

// How much a state hits, of what is there: '310 of 776 cut'.
export function hitWords(network, state) {
  if (isIdle(state)) return givenName(network);
  const {hit, all} = countHits(network, state);
  const gone = isOfUnits(state.site) ? 'silenced' : 'cut';
  return `${hit} of ${all} ${state.scale === 0 ? gone : `\u00d7 ${state.scale}`}`;
}
