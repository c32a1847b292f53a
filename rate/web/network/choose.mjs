// What a lesion hits, as rate.interventions.choose has it: candidates are ranked by a hash of seed
// and number.

const PLACES = 2 ** 21;  // a hash and a place below this are one exact number

function mixed(h) {  // the finaliser of MurmurHash3, on 32 bits
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

// The rank of candidate number `i`, from 0 to 2^32 - 1; `seed` is a whole number in that range.
export function hash(seed, i) {
  return mixed((mixed((seed + 0x9e3779b9) | 0) + i) | 0);
}

// Numbers, in rising order, by their rank: an array of places in `numbers`.
export function ranked(numbers, seed) {
  const keys = Float64Array.from(numbers, (i, place) => hash(seed, i) * PLACES + place);
  return Int32Array.from(keys.sort(), key => key % PLACES);
}

// How many a fraction of some candidates is: halves up, of the fraction as its shortest decimal.
export function countOf(fraction, size) {
  const [digits, exponent = 0] = String(fraction).split('e');
  const [whole, decimals = ''] = digits.split('.');
  const one = 10n ** BigInt(decimals.length - exponent);
  return Number((2n * BigInt(whole + decimals) * BigInt(size) + one) / (2n * one));
}
