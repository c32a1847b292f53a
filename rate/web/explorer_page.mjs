// The elements of the explorer.

const PAGE = `
<div class="controls"></div>
<div class="views">
  <div class="headline">
    <p role="status"><b class="accuracy">&hellip;</b> <span class="besides"></span>
      <span class="poor" hidden>&mdash; no better than no network at all</span></p>
    <p class="words"></p>
  </div>
  <figure class="pinned" hidden></figure>
  <figure class="outputs"><figcaption class="key">
    <b class="name"></b> <span><i></i>lesioned</span> <span><i class="dashed"></i>intact</span>
    <span><i class="target"></i>target</span> <span class="limit"><i></i>limit: right is on the
    side of the teeth</span></figcaption></figure>
  <div class="types"></div>
  <figure class="matrix"><figcaption>weights: column to row</figcaption></figure>
  <div class="compared"></div>
  <figure class="psychometric"><figcaption>evidence</figcaption></figure>
  <figure class="units"></figure>
</div>`;

const NAMES = ['controls', 'accuracy', 'besides', 'poor', 'words', 'pinned', 'outputs', 'types',
  'matrix', 'compared', 'psychometric', 'units'];

// Fill an element; returns its parts by their class names.
export function buildExplorer(root) {
  const box = document.createElement('div');
  box.className = 'live explorer';
  box.innerHTML = PAGE;
  root.append(box);
  const parts = Object.fromEntries(NAMES.map(name => [name, box.querySelector(`.${name}`)]));
  return {box, ...parts};
}
