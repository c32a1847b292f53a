// Seeded random numbers: xorshift128 (Marsaglia, J Stat Softw 8(14), 2003), and normal ones by the
// ziggurat of Marsaglia & Tsang (J Stat Softw 5(8), 2000) with 128 layers.

import {hash} from './choose.mjs';

const LAYERS = 128;
const TAIL = 3.442619855899;  // where the lowest layer ends
const AREA = 9.91256303526217e-3;  // of each layer
const SCALE = 2 ** 24;  // a drawn number has 7 bits for the layer, and 25 for sign and place in it
const TWO_32 = 2 ** 32;

const density = x => Math.exp(-.5 * x * x);

function makeLayers() {
  const inside = new Int32Array(LAYERS);  // below this, a number surely lies under the curve
  const width = new Float64Array(LAYERS);  // of a layer, over SCALE
  const height = new Float64Array(LAYERS);  // of the curve where it ends
  let x = TAIL;
  const base = AREA / density(TAIL);
  inside[0] = TAIL / base * SCALE;
  width[0] = base / SCALE;
  height[0] = 1;
  width[LAYERS - 1] = TAIL / SCALE;
  height[LAYERS - 1] = density(TAIL);
  for (let k = LAYERS - 2; k > 0; k--) {
    const next = Math.sqrt(-2 * Math.log(AREA / x + density(x)));
    inside[k + 1] = next / x * SCALE;
    x = next;
    width[k] = x / SCALE;
    height[k] = density(x);
  }
  return {inside, width, height};
}

const {inside, width, height} = makeLayers();

export class Random {
  // seed: a whole number from 0 to 2^32 - 1.
  constructor(seed) {
    this.words = Int32Array.from([1, 2, 3, 4], i => hash(seed, i) | i);  // never all 0
  }

  // A whole number from -2^31 to 2^31 - 1.
  integer() {
    const s = this.words;
    let t = s[0];
    t ^= t << 11;
    t ^= t >>> 8;
    s[0] = s[1];
    s[1] = s[2];
    s[2] = s[3];
    s[3] = s[3] ^ (s[3] >>> 19) ^ t;
    return s[3];
  }

  // Above 0 and below 1.
  uniform() {
    return ((this.integer() >>> 0) + .5) / TWO_32;
  }

  normal() {
    for (;;) {
      const drawn = this.integer();
      const layer = drawn & (LAYERS - 1);
      const place = drawn >> 7;
      if (Math.abs(place) < inside[layer]) return place * width[layer];
      const found = this.atEdge(place, layer);
      if (found !== null) return found;
    }
  }

  // Where a layer leaves the curve: the number, or null where another one must be drawn.
  atEdge(place, layer) {
    if (layer === 0) return this.beyond(place < 0 ? -1 : 1);
    const x = place * width[layer];
    const share = this.uniform() * (height[layer - 1] - height[layer]);
    return height[layer] + share < density(x) ? x : null;
  }

  // A normal number in the tail of a sign.
  beyond(sign) {
    for (;;) {
      const x = -Math.log(this.uniform()) / TAIL;
      const y = -Math.log(this.uniform());
      if (2 * y > x * x) return sign * (TAIL + x);
    }
  }

  // Fill an array with normal numbers of mean 0.
  fill(array, sd) {
    for (let i = 0; i < array.length; i++) array[i] = sd * this.normal();
  }
}
