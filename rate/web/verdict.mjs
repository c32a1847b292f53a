// How good a state is, in words.

import {silentAccuracy} from './doses.mjs';

const MARGIN = .05;  // so close to what needs no network is not better

export function inPercent(fraction) {
  return `${Math.round(100 * fraction)} %`;
}

// What can be had without a network on the trials of a type: {silent, chance: null for one type}.
export function levels(trials, type) {
  return {
    silent: silentAccuracy(trials, type),
    chance: type === '' ? trials.chance : null,
  };
}

// Whether an accuracy is no better than what needs no network.
export function isPoor(accuracy, {silent, chance}) {
  return accuracy <= Math.max(silent, chance ?? 0) + MARGIN;
}

// What stands beside an accuracy: 'intact 100 %, silent network 50 %, chance 50 %'.
export function besides(intact, {silent, chance}) {
  const known = [['intact', intact], ['silent network', silent], ['chance', chance]];
  const said = known.filter(([, value]) => value !== null);
  return said.map(([name, value]) => `${name} ${inPercent(value)}`).join(', ');
}
