// What browser.py asks of each page that it opens.
window.checks = {
  // From here on, `pressed` and `changed` are the times of the last key and the last new picture.
  watch() {
    const image = document.querySelector('img.widget-image');
    const paint = () => requestAnimationFrame(() => { this.changed = performance.now() });
    document.addEventListener('keydown', () => { this.pressed = performance.now() }, true);
    image.addEventListener('load', () => { this.redraws++; paint() });
    this.reset();
  },

  reset() { this.pressed = this.changed = this.redraws = 0 },

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
      main code span, figcaption`;
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

  labels() {
    return [...document.querySelectorAll('.widget-label')]
      .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent);
  },

  wide() {
    return [...document.querySelectorAll('.widget-vbox')]
      .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 2).length;
  },
};
