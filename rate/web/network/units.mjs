// Lists of units as a reader types them.

const PART = /^\s*(\d{1,9})(?:\s*-\s*(\d{1,9}))?\s*$/;

// The units that a text such as '3, 17, 20-25' names, both ends included, in rising order, each
// once. Throws an Error for any other text, and for units not there.
export function parseUnits(text, N) {
  const units = new Set();
  for (const part of text.split(',')) {
    const found = part.match(PART);
    const first = found ? Number(found[1]) : 0;
    const last = found ? Number(found[2] ?? found[1]) : -1;
    if (last < first || last >= N) {
      throw new Error(`units must be a list like 3, 17, 20-25 of units from 0 to ${N - 1}, `
        + `got '${text}'`);
    }
    for (let unit = first; unit <= last; unit++) units.add(unit);
  }
  return [...units].sort((a, b) => a - b);
}

// The shortest text that names units: '3, 17, 20-25'.
export function unitsText(units) {
  const sorted = [...new Set(units)].sort((a, b) => a - b);
  const runs = [];
  for (const unit of sorted) {
    const run = runs.at(-1);
    if (run && run[1] === unit - 1) run[1] = unit;
    else runs.push([unit, unit]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
