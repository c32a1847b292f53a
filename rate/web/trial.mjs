// The page that plays a trial: reads its data, draws it, and follows the reader's controls.

import {keyAction} from './keys.mjs';
import {Playback} from './playback.mjs';
import {followTheme, frameAround, themeColors} from './theme.mjs';
import {decode, describe} from './trial_data.mjs';
import {fillLegends} from './trial_legends.mjs';
import {trialPanels} from './trial_panels.mjs';

const element = id => document.getElementById(id);

const trial = decode(JSON.parse(element('data').textContent));
const panels = trialPanels(trial);
const playback = new Playback(trial.T - 1);
const frame = frameAround();

function show() {
  for (const panel of panels) panel.draw(playback.position);
  element('scrub').value = playback.step;
  element('scrub').setAttribute('aria-valuetext', `${playback.step * trial.stepMs} ms`);
  element('time').textContent = describe(trial, playback.step);
}

function layout() {
  const colors = themeColors();
  for (const panel of panels) panel.layout(colors);
  show();
  if (frame) frame.style.height = `${document.body.offsetHeight + 2}px`;  // no bar to scroll
}

function nameButton() {
  const does = playback.playing ? 'pause' : 'play';
  element('play').textContent = does;
  element('play').setAttribute('aria-label', does);
}

function toggle() {
  if (playback.playing) {
    playback.pause();
  } else {
    playback.play(performance.now());
    requestAnimationFrame(nextFrame);
  }
  nameButton();
}

function nextFrame(time) {
  if (!playback.playing) return;
  playback.speed = Number(element('speed').value);
  playback.advance(time);
  show();
  if (playback.fps !== null) document.body.dataset.fps = playback.fps.toFixed(1);
  if (playback.playing) requestAnimationFrame(nextFrame);
  else nameButton();
}

function go(step) {
  playback.go(step);
  show();
}

function pressed(event) {
  const action = keyAction(event.key, event.target.tagName);
  if (action === null) return;
  event.preventDefault();
  if (action === 'toggle') toggle();
  else go(playback.step + action);
}

element('scrub').max = trial.T - 1;
element('scrub').addEventListener('input', event => go(Number(event.target.value)));
element('play').addEventListener('click', toggle);
document.addEventListener('keydown', pressed);
fillLegends(trial);
followTheme(frame, layout);
new ResizeObserver(layout).observe(element('panels'));
