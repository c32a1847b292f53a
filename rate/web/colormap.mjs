// Colours of firing rates: viridis, which rises evenly in lightness, so it also reads in grey.

const ANCHORS = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];

// Red, green and blue, 0 to 255, of a fraction of the largest rate.
export function color(fraction) {
  const position = fraction * (ANCHORS.length - 1);
  const k = Math.min(ANCHORS.length - 2, Math.floor(position));
  const share = position - k;
  return ANCHORS[k].map((value, i) => value + share * (ANCHORS[k + 1][i] - value));
}

// The pixels of an image with one row for a unit and one column for a step.
export function pixels(rows, largest) {
  const bytes = new Uint8ClampedArray(4 * rows.length * rows[0].length);
  let at = 0;
  for (const row of rows) {
    for (const value of row) {
      bytes.set([...color(value / largest), 255], at);
      at += 4;
    }
  }
  return bytes;
}

// The same colours as CSS, from left to right.
export function gradient() {
  const stops = ANCHORS.map(anchor => `rgb(${anchor})`);
  return `linear-gradient(90deg, ${stops})`;
}
