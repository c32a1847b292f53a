// Units: by type, in lists as a reader types them, and silenced one by one.

// The order of units, excitatory ones first, the place of each in it, and how many are excitatory.
// inh: 1 for each inhibitory unit, else 0.
export function placesByType(inh) {
  const order = [...inh.keys()].sort((a, b) => inh[a] - inh[b] || a - b);
  return {order, places: placesOf(order), NE: order.filter(unit => !inh[unit]).length};
}

// Where each unit stands in an order.
export function placesOf(order) {
  const places = new Int32Array(order.length);
  order.forEach((unit, place) => {
    places[unit] = place;
  });
  return places;
}

// The groups of N units in that order, NE of them excitatory, as a Panel takes them.
export function typeGroups(NE, N) {
  return [{name: 'E', size: NE}, {name: 'I', size: N - NE}];
}

// A unit in words: 'SOM, tau 42 ms'.
export function unitWords(network, unit) {
  const type = network.inh[unit] ? 'I' : 'E';
  const tau = network.tau[unit] * network.stepMs;
  return `${network.som[unit] ? 'SOM' : type}, tau ${tau.toFixed(0)} ms`;
}

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

// The units that a state silences by their numbers.
export function unitsSilenced(state, N) {
  const silences = state.site === 'units' && state.fraction === 1 && state.scale === 0;
  return silences && state.units.trim() ? parseUnits(state.units, N) : [];
}

// What changes in a state where one more unit is silenced, or one that was is not any more.
export function toggleUnit(state, unit, N) {
  const silenced = unitsSilenced(state, N);
  const left = silenced.filter(other => other !== unit);
  const units = left.length < silenced.length ? left : [...silenced, unit];
  return {site: 'units', units: unitsText(units), fraction: 1, scale: 0};
}
