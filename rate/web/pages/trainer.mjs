// Train a network in the page: settings at the left, what it learns at the right.

import {mountExplorer} from './explorer.mjs';
import {mount, workerOf} from './live.mjs';
import {download, matFile} from '../network/mat.mjs';
import {themeColors} from '../views/theme.mjs';
import {Page} from './page.mjs';
import {makePanels} from '../views/trainer_panels.mjs';
import {Thread} from '../work/thread.mjs';
import {Trainee} from '../work/trainee.mjs';

const PAGE = `
<div class="settings">
  <p>A network learns Go-NoGo: its output should rise to 1 after a pulse (go), and stay at 0
    without one (nogo). After each trial, backpropagation through time changes its weights and time
    constants.</p>
  <div class="row">
    <label>units <select class="size">
      <option>50</option>
      <option>75</option>
      <option selected>100</option>
    </select></label>
    <label title="balanced: at the start each unit's inhibition is as strong as its excitation, and
updates are smaller. published: as in the paper, which leaves few E-E connections">recipe
      <select class="recipe">
        <option selected>balanced</option>
        <option>published</option>
      </select></label>
    <label>seed <input class="seed" type="number" min="0" max="4294967295" step="1"
      value="0"></label>
    <button class="train">Train</button>
  </div>
  <p class="message" role="status"></p>
  <dl>
    <dt>trials</dt><dd class="trials"></dd>
    <dt>loss</dt><dd><span class="loss"></span> <i>below 7</i></dd>
    <dt>accuracy</dt><dd><span class="accuracy"></span> <i>95 % or more</i></dd>
  </dl>
  <p>Every 100 trials, 100 fresh ones test it. Training ends when both conditions hold.</p>
  <p><button class="lesion" disabled>Lesion this network</button>
    <button class="save" disabled title="rate.load reads this file">Download it (.mat)</button></p>
</div>
<div class="charts">
  <figure class="losses"><figcaption><b>loss</b><span class="dots">trials</span>
    <span class="tests">tests</span><span class="dashes">criterion</span></figcaption></figure>
  <figure class="outputs"><figcaption><b>output</b><span class="go">go</span>
    <span class="nogo">nogo</span><span class="dashes">limits</span></figcaption></figure>
  <figure class="accuracies"><figcaption><b>accuracy</b><span class="dashes">criterion</span>
    <span class="points">silent network</span></figcaption></figure>
  <figure class="weights"><figcaption><b>weights</b><span class="E">excitatory</span>
    <span class="I">inhibitory</span></figcaption></figure>
</div>`;

const IN_PAGE = {sliceMs: 6, restMs: 10};  // so that the page can draw between two slices
const DRAW_EVERY_MS = 80;  // drawing takes time from training
const MAX_SEED = 2 ** 32 - 1;
const BUTTON = {
  new: 'Train',
  running: 'Stop',
  paused: 'Go on',
  ended: 'Train another',
};
// A sentence on why a training ended; '' for one that was stopped.
const ENDS = {
  '': after => `Stopped after ${after}.`,
  criterion: after => `The criterion is reached after ${after}.`,
  trials: after => `The criterion is not reached after ${after}. Not every network learns it.`,
  diverged: after => `The loss is not a number any more after ${after}.`,
};

// Why a seed cannot be used, '' if it can.
function seedFault(text) {
  const seed = Number(text);
  if (text !== '' && Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED) return '';
  return `seed must be a whole number from 0 to ${MAX_SEED}, got '${text}'`;
}

class Trainer extends Page {
  constructor(root, app) {
    super(root, 'trainer', PAGE, app.host);
    this.app = app;
    this.view = {losses: [], tests: []};
    this.panels = null;
    this.id = 0;
    this.timer = null;
    this.listen();
    const makeHere = post => new Trainee(post, IN_PAGE);
    this.thread = new Thread(app.makeWorker, makeHere, message => this.received(message));
    this.begin();
    this.watch(this.parts.box);
  }

  listen() {
    const {size, recipe, seed, train, lesion, save} = this.parts;
    for (const setting of [size, recipe, seed]) {
      setting.addEventListener('change', () => this.begin());
    }
    train.addEventListener('click', () => this.press());
    lesion.addEventListener('click', () => this.app.onTrained(this.data));
    lesion.hidden = !this.app.onTrained;
    save.addEventListener('click', () => download(this.data.facts.file, matFile(this.data.file)));
  }

  seedIsGood() {
    const fault = seedFault(this.parts.seed.value);
    if (fault) this.parts.message.textContent = fault;
    return fault === '';
  }

  // Draw a new network; a bad seed is said and changes nothing.
  begin() {
    const {size, recipe, seed} = this.parts;
    if (!this.seedIsGood()) return;
    this.id += 1;
    this.milliseconds = 0;
    Object.assign(this.view, {losses: [], tests: []});
    this.options = {N: Number(size.value), seed: Number(seed.value), recipe: recipe.value};
    this.thread.send({command: 'begin', id: this.id, options: this.options});
    this.enter('new', 'Drawn at random, not trained yet.');
  }

  // Each phase has a name of the button and a sentence.
  enter(phase, sentence) {
    this.phase = phase;
    this.parts.train.textContent = BUTTON[phase];
    this.parts.message.textContent = sentence;
    for (const part of [this.parts.lesion, this.parts.save]) {
      part.disabled = phase === 'running' || phase === 'new';
    }
  }

  press() {
    if (this.phase === 'running') {
      this.thread.send({command: 'pause'});
      return;
    }
    if (!this.seedIsGood()) return;
    if (this.phase === 'ended') {
      this.parts.seed.value = (Number(this.parts.seed.value) + 1) % (MAX_SEED + 1);
      this.begin();
    }
    this.since = performance.now();
    this.thread.send({command: 'go'});
    this.enter('running', 'It learns: one trial, one update.');
  }

  received({id, layout, progress, data}) {
    if (id !== this.id) return;  // of a network that is not shown any more
    if (layout) this.view.layout = layout;
    if (progress) this.follow(progress);
    if (data) this.rest(data);
  }

  follow({losses, ...rest}) {
    this.view.losses.push(...losses);
    Object.assign(this.view, rest);
    this.timer ??= setTimeout(() => this.draw(), DRAW_EVERY_MS);
  }

  rest(data) {
    this.data = {...data, facts: {...data.facts, file: this.fileName()}};
    this.milliseconds += performance.now() - this.since;
    const {ended, losses} = this.view;
    const after = `${losses.length} trials, ${(this.milliseconds / 1000).toFixed(1)} s`;
    this.enter(ended ? 'ended' : 'paused', ENDS[ended](after));
  }

  // A recipe, a size, a seed and a number of trials make one network.
  fileName() {
    const {N, seed, recipe} = this.options;
    return `go_nogo_${recipe}_N${N}_seed${seed}_after_${this.view.losses.length}.mat`;
  }

  layout() {
    if (!this.view.layout) return;
    this.panels ??= makePanels(this.parts, this.view);
    const colors = themeColors(this.host);
    for (const panel of this.panels) panel.layout(colors);
    this.draw();
  }

  draw() {
    this.timer = null;
    if (!this.panels) {
      this.layout();
      return;
    }
    for (const panel of this.panels) {
      panel.fit?.(panel);
      panel.draw(0);
    }
    this.write();
  }

  // The numbers in words.
  write() {
    const {trials, loss, accuracy} = this.parts;
    const last = this.view.tests.at(-1);
    trials.textContent = this.view.losses.length;
    loss.textContent = last ? last.loss.toFixed(1) : '–';
    accuracy.textContent = last ? `${Math.round(100 * last.accuracy)} %` : '–';
  }

  end() {
    super.end();
    clearTimeout(this.timer);
    this.thread.send({command: 'pause'});
    this.thread.end();
  }
}

// Fill a shadow root with a trainer and, once it has trained a network, an explorer of that below.
// assets: see live.mjs. Returns a function that ends it.
export function mountTrainer(root, {assets}) {
  const [above, below] = [1, 2].map(() => root.appendChild(document.createElement('div')));
  let explorer = null;
  const onTrained = data => {
    explorer?.then(({end}) => end());
    const title = 'the network that you trained';
    explorer = mount(mountExplorer, below, {data, assets, title, isKept: false});
    explorer.then(() => below.scrollIntoView({behavior: 'smooth'}));
  };
  const makeWorker = () => workerOf(assets, 'work/training_worker.mjs');
  const trainer = new Trainer(above, {host: root.host, makeWorker, onTrained});
  return () => trainer.end();
}
