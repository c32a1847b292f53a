// What browser.py asks of each page that it opens. It is there before the page's own scripts, so
// that it sees what is drawn on canvases and the shadow roots that things live in.
window.checks = {
  drawn: null,  // when the last picture was painted (ms)
  first: null,  // and the first one
  cutTexts: new Set(),  // words on a canvas that lie partly outside of it

  // --- time

  // Something was drawn: note when it is painted, at the end of this frame or the next.
  draws() {
    if (this.waiting) return;
    this.waiting = true;
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      this.waiting = false;
      this.drawn = performance.now();
      this.first ??= this.drawn;
    };
    const after = () => channel.port2.postMessage(0);
    if (this.inFrame) after();
    else requestAnimationFrame(after);
  },

  // When the first picture was painted, in ms after the page had loaded; null without one.
  sinceLoad() {
    const {loadEventEnd} = performance.getEntriesByType('navigation')[0];
    return this.first && this.first - loadEventEnd;
  },

  // From here on, `pressed` is the time of the last input, and `drawn` of the picture after it.
  watch() {
    this.pressed = this.drawn = null;
    const note = () => {
      this.pressed = performance.now();
      this.drawn = null;
    };
    const once = {capture: true, once: true};
    for (const kind of ['keydown', 'input']) addEventListener(kind, note, once);
  },

  wait() { return this.pressed !== null && this.drawn > this.pressed && this.drawn - this.pressed },

  // The gaps between frames (ms) from here to `stopFrames`.
  startFrames() {
    const times = this.frames = [];
    const note = time => {
      times.push(time);
      if (this.frames === times) requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  },

  stopFrames() {
    const times = this.frames;
    this.frames = null;
    return times.slice(1).map((time, k) => time - times[k]);
  },

  // --- what has the focus

  focused() {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element;
  },

  // What a keyboard must reach beside `box`; each group of radio buttons once.
  controls(box) {
    const all = 'button, input, select, textarea, a[href], summary, [tabindex]';
    const seen = e => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length;
    const open = e => !e.disabled && e.tabIndex >= 0 && seen(e)
      && !(e.type === 'radio' && !e.checked);
    return [...box.getRootNode().querySelectorAll(all)].filter(open);
  },

  words(e) {
    const label = e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? e.textContent;
    return `${e.localName}.${e.className} ${label.trim().replace(/\s+/g, ' ').slice(0, 30)}`;
  },

  // What has the focus beside `box`, and whether one sees that it has; null where it is elsewhere.
  stop(box) {
    const e = this.focused();
    if (!e || e.getRootNode() !== box.getRootNode()) return null;
    const style = getComputedStyle(e);
    const at = e.getBoundingClientRect();
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    const inside = at.bottom > 0 && at.top < innerHeight && at.right > 0 && at.left < innerWidth;
    const index = this.controls(box).indexOf(e);
    const visible = inside && (outlined || style.boxShadow !== 'none');
    return {index, words: this.words(e), visible};
  },

  // --- the clipboard

  forbidCopying() {
    navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));
    document.execCommand = () => false;
  },

  allowCopying() {
    delete navigator.clipboard.writeText;
    delete document.execCommand;
  },

  // --- what does not fit

  // What in `box` is wider than its place, or cut off, in words.
  misfits(box) {
    const place = box.getRootNode().host.getBoundingClientRect();
    const name = e => `${e.localName}.${e.className} ${e.textContent.trim().slice(0, 40)}`;
    const style = e => getComputedStyle(e);
    const scrolls = e => e && (/auto|scroll/.test(style(e).overflowX) || scrolls(e.parentElement));
    const outside = e => {
      const {left, right} = e.getBoundingClientRect();
      return (right > place.right + 1 || left < place.left - 1) && !scrolls(e);
    };
    const cut = e => /hidden|clip/.test(style(e).overflowX) && e.textContent.trim()
      && e.scrollWidth > e.clientWidth + 1;
    const seen = e => e.localName !== 'style' && e.getClientRects().length
      && e.checkVisibility({visibilityProperty: true}) && e.clientWidth > 1;
    const all = [...box.querySelectorAll('*')].filter(seen);
    return [...all.filter(outside).map(e => `outside: ${name(e)}`),
      ...all.filter(cut).map(e => `cut: ${name(e)}`),
      ...all.filter(e => this.tooNarrow(e)).map(e => `narrow: ${this.words(e)}`)];
  },

  // Canvases that show nothing, by their labels.
  blank(box) {
    const isBlank = canvas => {
      if (!canvas.getClientRects().length) return false;
      const {width, height} = canvas;
      const {data} = canvas.getContext('2d').getImageData(0, 0, width, height);
      const words = new Uint32Array(data.buffer);
      return words.every(word => word === words[0]);
    };
    const all = [...box.querySelectorAll('canvas')].filter(isBlank);
    return all.map(canvas => canvas.getAttribute('aria-label'));
  },

  // A list or an input of words that has no space for them.
  tooNarrow(e) {
    if (!e.matches('select, input[type=text], input[type=number]')) return false;
    const style = getComputedStyle(e);
    const pen = new OffscreenCanvas(1, 1).getContext('2d');
    pen.font = style.font;
    const texts = e.localName === 'select' ? [...e.options].map(o => o.label) : [e.value];
    const need = Math.max(...texts.map(text => pen.measureText(text).width));
    const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
    return need > e.clientWidth - padding + 1;
  },

  // The part of the window, from top to bottom (px), that what `box` scrolls in leaves to it.
  shown(box) {
    const scrolls = e => /auto|scroll/.test(getComputedStyle(e).overflowY) && e.clientHeight > 200;
    let outermost = null;
    for (let e = box.getRootNode().host.parentElement; e; e = e.parentElement) {
      if (scrolls(e)) outermost = e;
    }
    const {top, bottom} = outermost?.getBoundingClientRect() ?? {top: 0, bottom: innerHeight};
    return [Math.max(0, top), Math.min(innerHeight, bottom)];
  },

  // --- axe-core

  // What axe finds serious or critical in `box`; or in the whole page, whose contrasts take it
  // seconds: see `contrasts`.
  async axe(box) {
    const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
    const rules = {'color-contrast': {enabled: Boolean(box)}};
    const where = box?.getRootNode().host ?? document;
    const {violations} = await axe.run(where, {runOnly, rules, resultTypes: ['violations']});
    const bad = violations.filter(({impact}) => ['serious', 'critical'].includes(impact));
    const failed = node => [node.any, node.all, node.none].flat().map(({message}) => message);
    return bad.map(({id, nodes}) => `${id} in ${nodes.length}: ${nodes[0].html.slice(0, 120)} `
      + failed(nodes[0])[0]);
  },

  // --- pages of the site

  // What a reader cannot see: an element beyond the right edge of the text, or in a box that hides
  // what sticks out; what scrolls can be seen.
  cut() {
    const main = document.querySelector('main.content');
    const edge = main.getBoundingClientRect().right + 1;
    const is = (e, ...kinds) => kinds.includes(getComputedStyle(e).overflowX);
    const scrolls = e => e !== main && (is(e, 'auto', 'scroll') || scrolls(e.parentElement));
    const hides = e => is(e, 'hidden', 'clip') && e.scrollWidth > e.clientWidth + 1;
    const outside = e => e.getBoundingClientRect().right > edge && !scrolls(e);
    return [...main.querySelectorAll('pre, code, table, img, svg, math, p, .cell-output')]
      .filter(e => e.getClientRects().length && (outside(e) || hides(e)))
      .map(e => `${e.tagName} ${e.className} ${e.innerText || e.alt || ''}`.slice(0, 80));
  },

  // What lies out of sight in a box that scrolls sideways.
  scrolled() {
    const out = e => /auto|scroll/.test(getComputedStyle(e).overflowX)
      && e.clientWidth && e.scrollWidth > e.clientWidth + 1;
    return [...document.querySelectorAll('main.content *')].filter(out)
      .map(e => `${e.tagName} ${e.className} ${e.innerText ?? ''}`.slice(0, 80));
  },

  // Words and linked names of tables that go on in the next line.
  brokenWords() {
    const found = [];
    const range = new Range();
    for (const cell of document.querySelectorAll('main.content :is(td, th)')) {
      const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const node = texts.currentNode;
        if (node.parentElement.closest('math, :not(a) > code')) continue;
        for (const word of node.data.matchAll(/[\w.]{2,}/g)) {
          range.setStart(node, word.index);
          range.setEnd(node, word.index + word[0].length);
          const tops = new Set([...range.getClientRects()].map(({top}) => Math.round(top)));
          if (tops.size > 1) found.push(word[0]);
        }
      }
    }
    return found;
  },

  // Text with a contrast under 4.5; the ground is the nearest one that is opaque.
  contrasts() {
    const parse = color => {
      const [r, g, b, a] = color.match(/[\d.]+/g).map(Number);
      return [r, g, b, a ?? 1];
    };
    const linear = v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const light = ([r, g, b]) =>
      .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255);
    const ground = e => {
      if (!e) return [255, 255, 255];
      const [r, g, b, a] = parse(getComputedStyle(e).backgroundColor);
      const under = a < 1 ? ground(e.parentElement) : [0, 0, 0];
      return [r, g, b].map((c, i) => a * c + (1 - a) * under[i]);
    };
    const contrast = e => {
      const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))];
      return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    };
    const text = `.navbar a.nav-link, #quarto-sidebar a, nav[role=doc-toc] a, .breadcrumb-item a,
      .breadcrumb-item, .nav-page a, .toc-actions a, main p, main a, main pre, main code,
      main code span, figcaption, summary`;
    const faults = [...document.querySelectorAll(text)]
      .filter(e => e.getClientRects().length && e.innerText.trim() && contrast(e) < 4.5)
      .map(e => `${`${e.tagName} ${e.className} ${e.innerText}`.slice(0, 60)}: `
        + `contrast ${contrast(e).toFixed(2)}`);
    return [...new Set(faults)].sort();
  },

  async images() {
    const all = [...document.images];
    for (const e of all) e.loading = 'eager';
    await Promise.all(all.map(e => e.decode().catch(() => 0)));
    return all.filter(e => !e.naturalWidth || !e.height || !e.alt.trim())
      .map(e => `image ${e.src.slice(-60)} is empty or has no alternative text`);
  },
};

// See what is drawn: frames, shadow roots, canvases.
{
  const {checks} = window;
  const wrap = (object, name, before) => {
    const own = object[name];
    object[name] = function (...args) {
      before(this, args);
      return own.apply(this, args);
    };
  };
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = callback => request(time => {
    checks.inFrame = true;
    try {
      callback(time);
    } finally {
      checks.inFrame = false;
    }
  });
  const pen = CanvasRenderingContext2D.prototype;
  for (const name of ['fill', 'stroke', 'fillRect', 'drawImage', 'putImageData']) {
    wrap(pen, name, ({canvas}) => {
      if (canvas.isConnected) checks.draws();
    });
  }
  wrap(pen, 'fillText', (context, [text, x, y]) => {
    const {canvas} = context;
    const size = context.measureText(text);
    const at = context.getTransform();
    for (const along of [-size.actualBoundingBoxLeft, size.actualBoundingBoxRight]) {
      const corner = at.transformPoint({x: x + along, y});
      const across = corner.x < -2 || corner.x > canvas.width + 2;
      const over = corner.y < -2 || corner.y > canvas.height + 2;
      if (canvas.isConnected && (across || over)) checks.cutTexts.add(text);
    }
  });
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    const isPicture = ({target}) => target instanceof SVGElement;
    new MutationObserver(list => list.some(isPicture) && checks.draws())
      .observe(root, {subtree: true, childList: true, attributes: true});
    return root;
  };
}
