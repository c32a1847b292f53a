// Units that are silenced one by one, as a state.

import {parseUnits, unitsText} from './units.mjs';

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
