// The elements of the player.

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
    <span class="verdict" role="status"></span>
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

const NAMES = ['controls', 'play', 'speed', 'scrub', 'time', 'previous', 'trial', 'next', 'verdict',
  'cells', 'share', 'panels', 'input', 'output', 'plane', 'heat', 'lesion', 'rates', 'unit',
  'about', 'silence'];

// Fill an element; returns its parts by their class names.
export function buildPlayer(root, given, damage) {
  const box = document.createElement('div');
  box.className = 'live player';
  box.innerHTML = page(given, damage);
  root.append(box);
  const parts = Object.fromEntries(NAMES.map(name => [name, box.querySelector(`.${name}`)]));
  return {box, ...parts};
}
