// How lines are told apart where their colour is the same.

// In multiples of a line's width: solid, dashed, dotted, dash and dot.
const PATTERNS = [[], [3.7, 1.6], [1, 1.65], [6.4, 1.6, 1, 1.6]];

// The dashes of output m.
export function outputDashes(m, width) {
  return PATTERNS[m % PATTERNS.length].map(part => part * width);
}

// The dashes of input channel k: its colour comes back after four channels, its dashes do not.
export function inputDashes(k) {
  if (k === 0) return [];
  return [6, 2 * k];
}
