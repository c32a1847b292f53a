// Colours of firing rates: viridis, which rises evenly in lightness, so it also reads in grey.

const ANCHORS = [[68, 1, 84], [59, 82, 139], [33, 145, 140], [94, 201, 98], [253, 231, 37]];
const SHADES = 256;

// Red, green and blue, 0 to 255, of a fraction of the largest rate.
export function color(fraction) {
  const position = Math.min(1, Math.max(0, fraction)) * (ANCHORS.length - 1);
  const k = Math.min(ANCHORS.length - 2, Math.floor(position));
  const share = position - k;
  return ANCHORS[k].map((value, i) => value + share * (ANCHORS[k + 1][i] - value));
}

// A pixel as the four bytes of an image have it.
function packed([red, green, blue]) {
  const bytes = new Uint8ClampedArray([red, green, blue, 255]);
  return new Uint32Array(bytes.buffer)[0];
}

const TABLE = Uint32Array.from({length: SHADES}, (_, k) => packed(color(k / (SHADES - 1))));

// The pixels of an image with one row for a unit and one column for a step. `rates` has T values
// for each unit; `order` are the units from top to bottom; rates from `largest` on look alike.
export function pixels(rates, T, order, largest) {
  const image = new Uint32Array(order.length * T);
  const scale = (SHADES - 1) / largest;
  let at = 0;
  for (const unit of order) {
    for (let t = unit * T; t < (unit + 1) * T; t++) {
      const shade = Math.round(rates[t] * scale);
      image[at] = TABLE[Math.min(SHADES - 1, Math.max(0, shade))];
      at += 1;
    }
  }
  return new Uint8ClampedArray(image.buffer);
}

// The same colours as CSS, from left to right.
export function gradient() {
  const stops = ANCHORS.map(anchor => `rgb(${anchor})`);
  return `linear-gradient(90deg, ${stops})`;
}
