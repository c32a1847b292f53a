// What stands above the panels: names of channels and outputs, and the colours of the rates.

import {gradient} from './colormap.mjs';
import {outputDashes} from './lines.mjs';

const LINE_WIDTH = 1.5;

// parts: of buildPlayer.
export function fillLegends(parts, world, fixed) {
  const {network, trials} = world;
  const inputs = parts.input.querySelector('figcaption');
  trials.channels.forEach((name, k) => inputs.append(inputEntry(name, k)));
  for (const {words} of world.given) inputs.append(windowEntry(words));
  inputs.title = inputs.textContent.trim().replace(/\s+/g, ' ');  // where it is cut off
  const outputs = parts.output.querySelector('figcaption');
  if (network.M > 1) {
    for (let m = 0; m < network.M; m++) outputs.append(outputEntry(m));
  }
  const scale = parts.heat.querySelector('.scale');
  scale.querySelector('i').style.background = gradient();
  scale.querySelector('span').textContent = fixed.rMax.toPrecision(2);
}

function inputEntry(name, k) {
  const entry = document.createElement('span');
  entry.textContent = `\u25ac ${name}`;
  entry.style.color = `var(--c${k % 4})`;
  return entry;
}

// What Python does to the network beside the reader's lesion.
function windowEntry(words) {
  const entry = document.createElement('span');
  entry.className = 'window';
  entry.textContent = words;
  return entry;
}

// Several outputs are told apart by their dashes.
function outputEntry(m) {
  const entry = document.createElement('span');
  entry.append(lineSample(m), ` ${m}`);
  return entry;
}

function lineSample(m) {
  const sample = document.createElement('template');
  sample.innerHTML = `<svg width="26" height="9" aria-hidden="true">
    <line x2="26" y1="5" y2="5" stroke="currentColor" stroke-width="${LINE_WIDTH}"
      stroke-dasharray="${outputDashes(m, LINE_WIDTH)}"/></svg>`;
  return sample.content.firstChild;
}
