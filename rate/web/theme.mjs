// Light or dark: as the page around the frame is, or else as the reader's system is.

const LOOK_EVERY_MS = 1000;
const NAMES = ['ink', 'soft', 'light', 'E', 'I', 'c0', 'c1', 'c2', 'c3'];

// Whether a CSS colour, 'rgb(17, 17, 17)' or 'rgba(0, 0, 0, 0.9)', is dark; null where it is
// see-through and says nothing.
export function isDark(cssColor) {
  const [red, green, blue, alpha = 1] = cssColor.match(/[\d.]+/g).map(Number);
  if (alpha <= .5) return null;
  return .3 * red + .6 * green + .1 * blue < 128;
}

// The frame that holds this page; null without one, or where the page around may not be asked.
export function frameAround() {
  try {
    return window.frameElement;
  } catch {
    return null;
  }
}

function darkAround(frame) {
  for (let element = frame.parentElement; element; element = element.parentElement) {
    const dark = isDark(getComputedStyle(element).backgroundColor);
    if (dark !== null) return dark;
  }
  return false;  // a page without a background is white
}

function wantsDark(frame) {
  if (frame) return darkAround(frame);
  return matchMedia('(prefers-color-scheme: dark)').matches;
}

// Follow the theme for good: `changed` is called at once and after each change. A notebook says
// nothing when its reader changes the theme, so we look again.
export function followTheme(frame, changed) {
  let shown = null;
  const look = () => {
    const dark = wantsDark(frame);
    if (dark === shown) return;
    shown = dark;
    document.documentElement.classList.toggle('dark', dark);
    changed();
  };
  look();
  setInterval(look, LOOK_EVERY_MS);
}

// The colours of the present theme by their names in the style sheet.
export function themeColors() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map(name => [name, style.getPropertyValue(`--${name}`).trim()]));
}
