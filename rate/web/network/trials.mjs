// The trials of a page, and the groups that they fall into: trial types, as a rule.

// data: {facts, arrays} of rate.page.trials_data. Trials of all groups take turns, so that the
// first few are a fair choice. u: K x T each; z: M x (T-1) each; index j of z and o is step j + 1.
export function makeTrials({facts, arrays}) {
  const {B, K, M, T} = facts;
  const part = (all, size) => Array.from({length: B}, (_, b) => {
    return all.subarray(b * size, (b + 1) * size);
  });
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
    u: part(arrays.u, K * T),
    z: part(arrays.z, M * (T - 1)),
    direction: arrays.direction ? part(arrays.direction, K * T) : null,
    offset: facts.offset ?? null,
    group,
    groups,
    types: facts.types,
    windowStart: facts.window_start,
    windowStop: facts.window_stop,
    scorable: facts.scorable,
    chance: facts.chance,
    silent: Array.from(arrays.silent, Boolean),
    channels: facts.channels,
    task: facts.task,
  };
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
