// What the pages of all kinds share: their elements, the frames that they draw in, theme and size.

import {followSight, followTheme, themeColors} from '../views/theme.mjs';

export class Page {
  // kind: a class name; html: the elements of the page. parts: by each of their class names the
  // first one, and the whole as `box`.
  constructor(root, kind, html) {
    this.host = root.getRootNode().host;
    const box = document.createElement('div');
    box.className = `live ${kind}`;
    box.innerHTML = html;
    root.append(box);
    this.parts = {box};
    for (const part of box.querySelectorAll('[class]')) {
      for (const name of part.classList) this.parts[name] ??= part;
    }
    this.ends = [];  // what is called at the end
  }

  get colors() {
    return themeColors(this.host);
  }

  // From here on layout() is called: at once, and where the theme or the size of a part changes.
  follow(part = this.parts.box) {
    const layout = () => this.layout();
    this.ends.push(followTheme(this.host, layout), followSight(part, layout));
  }

  // draw(time) is called for the next frame, and once, whatever came since the last one.
  requestFrame() {
    this.frame ??= requestAnimationFrame(time => {
      this.frame = null;
      this.draw(time);
    });
  }

  end() {
    cancelAnimationFrame(this.frame);
    for (const end of this.ends) end();
  }
}
