// What a lesion hits, as rate.interventions.choose has it: candidates are ranked by a hash of seed
// and number.

function mixed(h) {  // the finaliser of MurmurHash3, on 32 bits
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

// The rank of candidate number `i`, from 0 to 2^32 - 1; `seed` is a whole number in that range.
export function hash(seed, i) {
  return mixed((mixed((seed + 0x9e3779b9) | 0) + i) | 0);
}

// Of the numbers `candidates`, the first round(fraction * count) by rank, halves up, in rising
// order.
export function choose(candidates, fraction, seed) {
  const count = Math.floor(fraction * candidates.length + .5);
  const ranked = Array.from(candidates, i => [hash(seed, i), i]).sort((a, b) => a[0] - b[0]);
  return ranked.slice(0, count).map(([, i]) => i).sort((a, b) => a - b);
}
