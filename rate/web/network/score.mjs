// Whether a trial is answered, by the rule of rate.tasks.AbstractTask.is_correct.

const REACH = .7;  // of the target's peak
const QUIET = .3;

// Place and value of the target's first largest size among those from `from` to `to` - 1.
function peakOf(z, from, to) {
  let at = from;
  for (let i = from; i < to; i++) if (Math.abs(z[i]) > Math.abs(z[at])) at = i;
  return z[at];
}

function answers(o, z, from, to) {
  const peak = peakOf(z, from, to);
  let best = -Infinity;
  let loudest = 0;
  for (let i = from; i < to; i++) {
    best = Math.max(best, z[i] === peak ? o[i] * Math.sign(peak) : 0);
    loudest = Math.max(loudest, Math.abs(o[i]));
  }
  if (peak === 0) return loudest < QUIET;
  return best > REACH * Math.abs(peak);
}

// o: outputs, z: targets of one trial, both M x (T-1). Every output must answer its target; one
// that is not finite never does.
export function isCorrect(o, z, trials) {
  const steps = o.length / trials.M;
  if (!o.every(Number.isFinite)) return false;
  for (let m = 0; m < trials.M; m++) {
    const first = m * steps;
    if (!answers(o, z, first + trials.windowStart, first + trials.windowStop)) return false;
  }
  return true;
}

// What output m must do to be correct: {low, high, from, to}: stay between low and high at the
// outputs `from` to `to` - 1; or, where `reach` is given, be beyond it at one of them.
export function limits(z, trials, m = 0) {
  const steps = z.length / trials.M;
  const target = z.subarray(m * steps, (m + 1) * steps);
  const {windowStart: start, windowStop: stop} = trials;
  const peak = peakOf(target, start, stop);
  if (peak === 0) return {from: start, to: stop, low: -QUIET, high: QUIET};
  const at = Array.from(target.subarray(start, stop), (value, i) => [value, start + i])
    .filter(([value]) => value === peak).map(([, i]) => i);
  return {from: at[0], to: at.at(-1) + 1, reach: REACH * peak};
}

// The norm of the error of one trial, the loss l2.
export function loss(o, z) {
  let sum = 0;
  for (let i = 0; i < o.length; i++) sum += (o[i] - z[i]) ** 2;
  return Math.sqrt(sum);
}
