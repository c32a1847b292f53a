// The explorer: what a lesion does to all trial types.

import {Controls} from './controls.mjs';

export function mountExplorer(root, app) {
  const box = document.createElement('div');
  box.className = 'live explorer';
  box.innerHTML = '<div></div><div class="views"></div>';
  root.append(box);
  const controls = new Controls(box.firstElementChild, app);
  return () => controls.end();
}
