// The elements of the explorer.

// given: what the network is called without a lesion.
const page = given => `
<div class="controls"></div>
<div class="views">
  <div class="headline">
    <p role="status"><b class="accuracy">\u2026</b> <span class="poor"></span><span
      class="besides"></span></p>
    <p class="words"></p>
  </div>
  <div class="overlays">
    <figure class="pinned" hidden></figure>
    <figure class="outputs">
      <figcaption class="key"><span><i></i>lesioned</span>
        <span><i class="dashed"></i>${given}</span> <span><i class="aim"></i>target</span>
        <span class="limit" title="a correct output passes this line, to the side of its ticks">
          <i></i>limit of correct</span></figcaption>
    </figure>
  </div>
  <div class="types"></div>
  <figure class="matrix"><figcaption>weights, column to row</figcaption></figure>
  <div class="compared"></div>
  <figure class="psychometric"><figcaption>psychometric curve</figcaption></figure>
  <figure class="units"></figure>
</div>`;

const NAMES = ['controls', 'accuracy', 'besides', 'poor', 'words', 'pinned', 'outputs', 'types',
  'matrix', 'compared', 'psychometric', 'units'];

// Fill an element; returns its parts by their class names.
export function buildExplorer(root, given) {
  const box = document.createElement('div');
  box.className = 'live explorer';
  box.innerHTML = page(given);
  root.append(box);
  const parts = Object.fromEntries(NAMES.map(name => [name, box.querySelector(`.${name}`)]));
  return {box, ...parts};
}
