// A sparse matrix as pixels: a spot for each entry, one pixel at least.

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
