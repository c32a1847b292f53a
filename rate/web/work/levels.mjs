// How good an accuracy is beside what can be had without a network, in words.

import {trialsOfType} from '../network/trials.mjs';

const MARGIN = .05;  // so close to what needs no network is not better

export function inPercent(fraction) {
  return `${Math.round(100 * fraction)} %`;
}

// What a silent network gets on some trials, and on those of a type.
export function silentShare(trials, numbers) {
  return numbers.filter(b => trials.silent[b]).length / numbers.length;
}

export function silentAccuracy(trials, type) {
  return silentShare(trials, trialsOfType(trials, type));
}

// What can be had without a network on the trials of a type: {silent, chance: null for one type}.
export function levels(trials, type) {
  return {
    silent: silentAccuracy(trials, type),
    chance: type === '' ? trials.chance : null,
  };
}

// What an accuracy is no better than, in words; '' where it is better.
export function poorAs(accuracy, {silent, chance}) {
  if (accuracy <= silent + MARGIN) return `no better than a silent network, ${inPercent(silent)}`;
  if (chance === null || accuracy > chance + MARGIN) return '';
  return `no better than a constant answer, ${inPercent(chance)}`;
}

// What stands beside an accuracy: 'intact 100 %, silent network 50 %, chance 50 %'. name: of the
// network without a lesion.
export function besides(accuracy, intact, {silent, chance}, name = 'intact') {
  const poor = poorAs(accuracy, {silent, chance}) !== '';
  const alike = silent === chance;
  const low = alike ? [['silent network and chance', silent]]
    : [['silent network', silent], ['chance', chance]];
  const levels = poor ? [] : low;
  const said = [[name, intact], ...levels].filter(([, value]) => value !== null);
  return said.map(([name, value]) => `${name} ${inPercent(value)}`).join(', ');
}
