// Light or dark: as the page is behind an element, or else as the reader's system is.

const LOOK_EVERY_MS = 1000;
const AGAIN_MS = 400;
const NAMES = ['paper', 'ink', 'soft', 'light', 'E', 'I', 'intact', 'wrong', 'cut',
  'c0', 'c1', 'c2', 'c3'];

// Whether a CSS colour, 'rgb(17, 17, 17)' or 'rgba(0, 0, 0, 0.9)', is dark; null where it is
// see-through and says nothing.
export function isDark(cssColor) {
  const [red, green, blue, alpha = 1] = cssColor.match(/[\d.]+/g).map(Number);
  if (alpha <= .5) return null;
  return .3 * red + .6 * green + .1 * blue < 128;
}

// What holds an element: also across the border of a shadow root.
function around(element) {
  return element.parentElement || element.getRootNode().host || null;
}

// A page without a background is white, unless it says that it follows the reader's system.
function darkWithoutBackground() {
  const root = getComputedStyle(document.documentElement);
  return root.colorScheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches;
}

function isDarkBehind(element) {
  for (let behind = around(element); behind; behind = around(behind)) {
    const dark = isDark(getComputedStyle(behind).backgroundColor);
    if (dark !== null) return dark;
  }
  return darkWithoutBackground();
}

// Keep the class `dark` of an element as the page behind it: `changed` is called at once and after
// each change. A notebook says nothing when its reader changes the theme, so we look again, until
// the function that is returned is called.
export function followTheme(element, changed) {
  let shown = null;
  const look = () => {
    const dark = isDarkBehind(element);
    if (dark === shown) return;
    shown = dark;
    element.classList.toggle('dark', dark);
    changed();
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

// `changed` is called when the size of an element changes, and twice when it comes into sight:
// a browser may forget what was drawn on a canvas that nobody sees, even a moment after it is seen
// again. Returns a function that ends that.
export function followSight(element, changed) {
  let timer = null;
  const seen = entries => {
    if (!entries.some(entry => entry.isIntersecting)) return;
    changed();
    clearTimeout(timer);
    timer = setTimeout(changed, AGAIN_MS);
  };
  const observers = [new ResizeObserver(changed), new IntersectionObserver(seen)];
  for (const observer of observers) observer.observe(element);
  return () => {
    clearTimeout(timer);
    for (const observer of observers) observer.disconnect();
  };
}

// The colours of the present theme by their names in the style sheet of an element.
export function themeColors(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(NAMES.map(name => [name, style.getPropertyValue(`--${name}`).trim()]));
}
