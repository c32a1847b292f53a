// Whether a trial is answered, by the rule of rate.tasks. A rule is {M: outputs, steps: the places
// in z and o that are judged, answer: the share of the target's peak to go beyond, silence: what to
// stay below where the target is 0, margin: by how much the mean of the output with the highest
// target must be above all others, null where outputs are judged one by one}.

// The target's first largest size among the steps, from place `first` on.
function peakOf(z, steps, first) {
  let at = first + steps[0];
  for (const j of steps) if (Math.abs(z[first + j]) > Math.abs(z[at])) at = first + j;
  return z[at];
}

function answers(o, z, {steps, answer, silence}, first) {
  const peak = peakOf(z, steps, first);
  let best = -Infinity;
  let loudest = 0;
  for (const j of steps) {
    const i = first + j;
    best = Math.max(best, z[i] === peak ? o[i] * Math.sign(peak) : 0);
    loudest = Math.max(loudest, Math.abs(o[i]));
  }
  if (peak === 0) return loudest < silence;
  return best > answer * Math.abs(peak);
}

function chooses(o, z, {M, steps, margin}) {
  const length = o.length / M;
  const means = values => Array.from({length: M}, (_, m) => {
    return steps.reduce((sum, j) => sum + values[m * length + j], 0) / steps.length;
  });
  const [found, targets] = [means(o), means(z)];
  const wanted = targets.indexOf(Math.max(...targets));
  return found.every((mean, m) => m === wanted || found[wanted] - mean > margin);
}

// o: outputs, z: targets of one trial, M x steps both. Every output must answer its target; one
// that is not finite never does.
export function isCorrect(o, z, rule) {
  if (rule.margin !== null) return chooses(o, z, rule);
  if (!o.every(Number.isFinite)) return false;
  const length = o.length / rule.M;
  for (let m = 0; m < rule.M; m++) if (!answers(o, z, rule, m * length)) return false;
  return true;
}

// What output m must do to be correct: {low, high, from, to}: stay between low and high at the
// outputs `from` to `to` - 1; or, where `reach` is given, be beyond it at one of them. null where a
// margin decides.
export function limits(z, rule, m = 0) {
  const {M, steps, answer, silence, margin} = rule;
  if (margin !== null) return null;
  const first = m * z.length / M;
  const peak = peakOf(z, steps, first);
  const at = steps.filter(j => z[first + j] === peak);
  if (peak === 0) return {from: steps[0], to: steps.at(-1) + 1, low: -silence, high: silence};
  return {from: at[0], to: at.at(-1) + 1, reach: answer * peak};
}

// The norm of the error of one trial, the loss l2; mask: weights of the squares, null for 1. Where
// the weight is 0, an output counts nothing.
export function loss(o, z, mask = null) {
  let sum = 0;
  for (let i = 0; i < o.length; i++) {
    const weight = mask ? mask[i] : 1;
    if (weight > 0) sum += weight * (o[i] - z[i]) ** 2;
  }
  return Math.sqrt(sum);
}
