// The entry of the page that trains a network and then shows it in the explorer.

import {mount} from './live.mjs';
import {mountTrainer} from './trainer.mjs';

// The root of the trainer in an element of its own, with its style sheet.
function trainerRoot(host, css) {
  const root = host.attachShadow({mode: 'open'});
  const style = document.createElement('style');
  style.textContent = css;
  root.append(style);
  return root;
}

function workerOf(text) {
  const address = URL.createObjectURL(new Blob([text], {type: 'text/javascript'}));
  const worker = new Worker(address);
  URL.revokeObjectURL(address);
  return worker;
}

// assets: those of live.mjs, {css, worker}, and `training`: the text of training_worker.mjs.
export function mountTraining(el, {assets}) {
  const [host, below] = [1, 2].map(() => document.createElement('div'));
  el.replaceChildren(host, below);
  let explorer = null;
  mountTrainer(trainerRoot(host, assets.css), {
    host,
    makeTrainingWorker: () => workerOf(assets.training),
    onTrained(data) {
      explorer?.then(({end}) => end());
      explorer = mount(below, {kind: 'explorer', title: 'the network that you trained', data, assets});
      explorer.then(() => below.scrollIntoView({behavior: 'smooth'}));
    },
  });
}
