// What stands above the panels: names of channels and outputs, and the colours of the rates.

import {gradient} from './colormap.mjs';
import {outputDashes} from './lines.mjs';
import {outputNames} from './trial_data.mjs';

const LINE_WIDTH = 1.5;

export function fillLegends(trial) {
  const inputs = document.querySelector('#input figcaption');
  trial.channels.forEach((name, k) => inputs.append(inputEntry(name, k)));
  for (const {what} of trial.windows) inputs.append(windowEntry(what));
  const outputs = document.querySelector('#output figcaption');
  const names = outputNames(trial.o.length);
  names.forEach((name, m) => outputs.append(outputEntry(name, m, names.length)));
  document.getElementById('colors').style.background = gradient();
  document.getElementById('top').textContent = trial.rMax.toPrecision(2);
}

function inputEntry(name, k) {
  const entry = document.createElement('span');
  entry.textContent = `\u25ac ${name}`;
  entry.style.color = `var(--c${k % 4})`;
  return entry;
}

function windowEntry(what) {
  const entry = document.createElement('span');
  entry.className = 'window';
  entry.textContent = what;
  return entry;
}

// One output needs a bar only; several are told apart by their dashes.
function outputEntry(name, m, M) {
  const entry = document.createElement('span');
  if (M === 1) entry.textContent = `\u25ac ${name}`;
  else entry.append(lineSample(m), ` ${name}`);
  return entry;
}

function lineSample(m) {
  const sample = document.createElement('template');
  sample.innerHTML = `<svg width="26" height="9" aria-hidden="true">
    <line x2="26" y1="5" y2="5" stroke="currentColor" stroke-width="${LINE_WIDTH}"
      stroke-dasharray="${outputDashes(m, LINE_WIDTH)}"/></svg>`;
  return sample.content.firstChild;
}
