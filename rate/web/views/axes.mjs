// Numbers of axes: their limits and their ticks.

const MARGIN = .08;

// The limits that hold all values of some rows, with a margin, a share of what they span; a flat
// line gets one too.
export function range(rows, share = MARGIN) {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const row of rows) {
    for (const value of row) {
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
  }
  const margin = share * (highest - lowest || 1);
  return [lowest - margin, highest + margin];
}

// Round numbers between two limits, about `count` of them: 1, 2 or 5 times a power of ten apart.
export function ticks(lowest, highest, count) {
  const wanted = (highest - lowest) / count;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const apart = power * [1, 2, 5, 10].find(factor => factor * power >= wanted);
  const all = [];
  for (let k = Math.ceil(lowest / apart); ; k++) {
    const tick = Number((k * apart).toPrecision(6));  // 0.3 and not 0.30000000000000004
    if (tick > highest) return all;
    all.push(tick);
  }
}
