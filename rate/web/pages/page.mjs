// What the pages have in common: their elements, their look, and drawing once a frame.

import {followSight, followTheme} from '../views/theme.mjs';

export class Page {
  // Fill `root` with a page of a kind. host: the element whose class `dark` is the theme.
  constructor(root, kind, html, host = root.host ?? root) {
    this.host = host;
    this.parts = build(root, kind, html);
  }

  // Call layout() now, and whenever the theme, or size or sight of an element changes.
  watch(element) {
    const layout = () => this.layout();
    this.stops = [followTheme(this.host, layout), followSight(element, layout)];
  }

  // Call nextFrame(time) for the next frame, and once, whatever asks for it until then.
  requestFrame() {
    this.frame ??= requestAnimationFrame(time => {
      this.frame = null;
      this.nextFrame(time);
    });
  }

  end() {
    cancelAnimationFrame(this.frame);
    for (const stop of this.stops) stop();
  }
}

// The box of a page, and each part by the names of its classes; where several have a name, the
// first.
function build(root, kind, html) {
  const box = document.createElement('div');
  box.className = `live ${kind}`;
  box.innerHTML = html;
  root.append(box);
  const parts = {box};
  for (const part of box.querySelectorAll('[class]')) {
    for (const name of part.classList) parts[name] ??= part;
  }
  return parts;
}
