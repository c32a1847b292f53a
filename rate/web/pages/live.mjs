// The entry: puts the live network into an element of a page, a file or a notebook.

import {App} from './app.mjs';
import {decode, fromBase64} from '../network/buffers.mjs';
import {givenEffects} from '../network/effects.mjs';
import {Jobs} from '../work/jobs.mjs';
import {makeNetwork} from '../network/network.mjs';
import {Address, Shim, hasAddress} from './shim.mjs';
import {NAMES} from './state.mjs';
import {makeTrials} from '../network/trials.mjs';

let mounted = 0;  // on this page: each has a place of its own in the address

// start(root, app): mountExplorer or mountPlayer; data: packed, in base64 or as bytes, or
// {facts, arrays}; assets: {css, worker: text}, or makeWorker in place of the text; isKept: whether
// the state is in the address. Promise of {app, end()}.
export function mount(el, {start, title = '', state = {}, data, assets, isKept = hasAddress()}) {
  const packed = typeof data === 'string' ? fromBase64(data) : data;
  const model = new Shim({...state, title});
  if (isKept) mounted += 1;
  const key = isKept ? `lesion${mounted === 1 ? '' : mounted}` : null;
  return begin(el, {start, model, packed, assets, key});
}

// A network that is trained in the page, and below it, once it is, the explorer of it. start and
// trainer: mountExplorer and mountTrainer.
export function mountTraining(el, {start, trainer, assets}) {
  const root = shadow(el);
  fill(root, assets.css);
  const above = root.appendChild(document.createElement('div'));
  const below = root.appendChild(document.createElement('div'));
  let explorer = null;
  const onTrained = data => {
    explorer?.then(({end}) => end());
    const title = 'the network that you trained';
    explorer = mount(below, {start, data, assets, title, isKept: false});
    explorer.then(() => below.scrollIntoView({behavior: 'smooth'}));
  };
  const makeTrainingWorker = assets.makeTrainingWorker ?? (() => workerOf(assets.training));
  return trainer(above, {host: el, makeTrainingWorker, onTrained});
}

// What anywidget calls; the function that is returned ends it.
export function render({model, el, start, assets}) {
  const live = {end() {}};
  let data = null;
  const show = () => {
    live.end();
    data = model.get('data');
    begin(el, {start, model, packed: bytes(data), assets, key: null}).then(begun => {
      if (model.get('data') === data) Object.assign(live, begun);
      else begun.end();
    });
  };
  show();
  model.on('change:data', show);
  return () => {
    model.off('change:data', show);
    live.end();
  };
}

// A DataView of anywidget as bytes.
function bytes(view) {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

// key: of the state in the address; null where it is not kept there.
// packed: bytes, or what buffers.decode makes of them.
export async function begin(el, {start, model, packed, assets, key}) {
  const root = shadow(el);
  try {
    const data = packed.facts ? packed : await decode(packed);
    const focus = root.activeElement?.id;
    const world = worldOf(data);
    const address = key === null ? null : new Address(key, world.trials.T);
    const jobs = new Jobs(world, assets.makeWorker ?? (() => workerOf(assets.worker)));
    const {facts, file = null} = data;
    const app = new App({model, facts, file, world, jobs, address, state: stateOf(model)});
    fill(root, assets.css);
    const begun = startApp(start, root, app, address);
    if (focus) root.getElementById(focus)?.focus();
    return begun;
  } catch (error) {
    root.replaceChildren(`The live network cannot be shown: ${error.message}`);
    throw error;
  }
}

function startApp(start, root, app, address) {
  const unlisten = address ? followAddress(app, address) : () => {};
  const stop = start(root, app);
  const end = () => {
    unlisten();
    stop();
    app.end();
  };
  return {app, end};
}

// The state in the address, now and where the reader changes it.
function followAddress(app, address) {
  const follow = () => {
    try {
      const state = address.read();
      if (state) app.change(state);
    } catch (error) {
      app.say(error.message);
    }
  };
  follow();
  return address.listen(follow);
}

function worldOf(data) {
  const network = makeNetwork(data);
  return {network, trials: makeTrials(data), given: givenEffects(network, data)};
}

function stateOf(model) {
  const given = NAMES.filter(name => model.get(name) !== undefined);
  return Object.fromEntries(given.map(name => [name, model.get(name)]));
}

// A root that the page's own style sheets do not reach.
function shadow(el) {
  el.setAttribute('data-lm-suppress-shortcuts', 'true');  // JupyterLab: keys are for our fields
  return el.shadowRoot ?? el.attachShadow({mode: 'open'});
}

function fill(root, css) {
  const style = document.createElement('style');
  style.textContent = css;
  root.replaceChildren(style);
}

function workerOf(text) {
  const address = URL.createObjectURL(new Blob([text], {type: 'text/javascript'}));
  const worker = new Worker(address);
  URL.revokeObjectURL(address);
  return worker;
}
