// The trials of a page, and the groups that they fall into: trial types, as a rule.

// data: {facts, arrays} of rate.page.trials_data. Trials of all groups take turns, so that the
// first few are a fair choice. A trial has lengths[b] steps, T at most: u is K x lengths[b]; z and
// mask, which is null without weights, M x (lengths[b] - 1); index j of z and o is step j + 1.
// rules: see score.mjs.
export function makeTrials({facts, arrays}) {
  const {B, K, M, T} = facts;
  const lengths = Array.from(arrays.lengths ?? new Int32Array(B).fill(T));
  const part = (all, rows, more = 0) => lengths.map((length, b) => {
    const size = rows * (T + more);
    return resized(all.subarray(b * size, (b + 1) * size), rows, length + more);
  });
  const windows = part(arrays.window, 1, -1);
  const group = Array.from(arrays.group);
  const groups = facts.groups.map((name, g) => ({
    name,
    type: facts.type_of_group[g],
    trials: group.flatMap((of, b) => (of === g ? [b] : [])),
  }));
  return {
    B,
    T,
    M,
    lengths,
    u: part(arrays.u, K),
    z: part(arrays.z, M, -1),
    mask: arrays.mask ? part(arrays.mask, M, -1) : null,
    direction: arrays.direction ? part(arrays.direction, K) : null,
    offset: facts.offset ?? null,
    group,
    groups,
    types: facts.types,
    rules: windows.map(window => ({
      M,
      steps: [...window.keys()].filter(j => window[j]),
      answer: facts.answer,
      silence: facts.silence,
      margin: facts.margin ?? null,
    })),
    scorable: facts.scorable,
    chance: facts.chance,
    silent: Array.from(arrays.silent, Boolean),
    channels: facts.channels,
    outputs: facts.outputs,
    words: facts.words ?? null,
    facts: facts.facts ?? {},  // name -> a value of each trial, in words
    task: facts.task,
  };
}

// Rows of another number of steps: cut, or with zeros behind.
export function resized(values, rows, steps) {
  const before = values.length / rows;
  if (steps === before) return values;
  const all = new values.constructor(rows * steps);
  for (let k = 0; k < rows; k++) {
    const first = k * before;
    all.set(values.subarray(first, first + Math.min(before, steps)), k * steps);
  }
  return all;
}

// A trial in words: its group, and the facts that differ in the group.
export function trialWords(trials, b) {
  const {name} = trials.groups[trials.group[b]];
  return [name, trials.words?.[b]].filter(Boolean).join(', ');
}

// The trials of a type by the values of a fact: [[value, numbers]].
export function trialsByFact(trials, type, fact) {
  const numbers = trialsOfType(trials, type);
  const values = trials.facts[fact];
  const there = [...new Set(numbers.map(b => values[b]))];
  there.sort((a, b) => a - b || (a > b ? 1 : -1));
  return there.map(value => [value, numbers.filter(b => values[b] === value)]);
}

// The groups of a type, by their numbers; '' is all.
export function groupsOfType(trials, type) {
  return [...trials.groups.keys()].filter(g => type === '' || trials.groups[g].type === type);
}

// The trials of a type, by their numbers.
export function trialsOfType(trials, type) {
  return groupsOfType(trials, type).flatMap(g => trials.groups[g].trials).sort((a, b) => a - b);
}

// The stimulus of trial b with another mean of its streams, for a task that has one.
export function withOffset(trials, b, offset) {
  const more = offset - trials.offset;
  return trials.u[b].map((value, i) => value + more * trials.direction[b][i]);
}
