// The entry: puts a page into an element of a document or of a notebook.

import {App} from './app.mjs';
import {decode, fromBase64} from '../network/buffers.mjs';
import {givenEffects} from '../network/effects.mjs';
import {Jobs} from '../work/jobs.mjs';
import {makeNetwork} from '../network/network.mjs';
import {Address, Shim, hasAddress} from './shim.mjs';
import {NAMES} from '../work/state.mjs';
import {makeTrials} from '../network/trials.mjs';

let mounted = 0;  // on this document: each has a place of its own in the address

// start(root, app): fills a shadow root with a page of a kind, and returns what ends it, see
// kinds.json. data: packed, in base64, or {facts, arrays}; '' for a kind that needs none.
// assets: {css, workers: {name: text}}. isKept: whether the state is in the address.
// Promise of {app, end()}.
export function mount(start, el, {title = '', state = {}, data, assets, isKept = hasAddress()}) {
  const packed = typeof data === 'string' ? fromBase64(data) : data;
  const model = new Shim({...state, title});
  const key = isKept && !isEmpty(packed) ? nextKey() : null;
  return begin(start, el, {model, packed, assets, key});
}

// What anywidget calls; the function that is returned ends it.
export function render(start, {model, el, assets}) {
  const live = {end() {}};
  let data = null;
  const show = () => {
    live.end();
    data = model.get('data');
    const packed = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    begin(start, el, {model, packed, assets, key: null}).then(begun => {
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

// A worker beside the page, from the name of its module.
export function workerOf(assets, name) {
  const text = assets.workers[name];
  const address = URL.createObjectURL(new Blob([text], {type: 'text/javascript'}));
  const worker = new Worker(address);
  URL.revokeObjectURL(address);
  return worker;
}

const isEmpty = packed => packed.length === 0;

function nextKey() {
  mounted += 1;
  return `lesion${mounted === 1 ? '' : mounted}`;
}

// packed: bytes, or what buffers.decode makes of them. key: of the state in the address; null where
// it is not kept there.
async function begin(start, el, {model, packed, assets, key}) {
  const root = shadow(el);
  try {
    if (isEmpty(packed)) {
      fill(root, assets.css);
      return {end: start(root, {assets})};
    }
    const data = packed.facts ? packed : await decode(packed);
    const focus = root.activeElement?.id;
    const world = worldOf(data);
    const address = key === null ? null : new Address(key, world.trials.T);
    const jobs = new Jobs(world, () => workerOf(assets, 'work/worker.mjs'));
    const {facts, file = null} = data;
    const app = new App({model, facts, file, world, jobs, address, state: stateOf(model)});
    fill(root, assets.css);
    const stop = start(root, app);
    if (focus) root.getElementById(focus)?.focus();
    const end = () => {
      stop();
      app.end();
    };
    return {app, end};
  } catch (error) {
    root.replaceChildren(`The live network cannot be shown: ${error.message}`);
    throw error;
  }
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
