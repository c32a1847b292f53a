// Pictures of firing rates and of sparse matrices, as pixels.

// Viridis, which rises evenly in lightness, so it also reads in grey.
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

// Red, green and blue, 0 to 255, of a colour such as '#0072b2' or '#fff'.
export function toRGB(hex) {
  const digits = hex.slice(1);
  const apart = digits.length === 3 ? 1 : 2;
  return [0, 1, 2].map(k => {
    const part = digits.slice(k * apart, (k + 1) * apart);
    return parseInt(part.padStart(2, part), 16);
  });
}

// The number of a pixel in memory; alpha: 0 to 1.
export function pixel([red, green, blue], alpha) {
  return ((Math.round(255 * alpha) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

// Pixels of an image of width x height for a matrix of N x N: entry k is at columns[k], rows[k] and
// has the colour of the pixel colors[k]. Later entries lie over earlier ones.
export function matrixPixels({width, height, N, columns, rows, colors}) {
  const image = new Uint32Array(width * height);
  const edge = (place, size) => Math.floor(place * size / N);
  for (let k = 0; k < colors.length; k++) {
    const left = edge(columns[k], width);
    const right = Math.max(left + 1, edge(columns[k] + 1, width));
    const bottom = Math.max(edge(rows[k], height) + 1, edge(rows[k] + 1, height));
    for (let y = edge(rows[k], height); y < bottom; y++) {
      image.fill(colors[k], y * width + left, y * width + right);
    }
  }
  return image;
}
