// The data of a trial: from the numbers that Python wrote into the page to what is drawn and said.

// All values are trial x channel x time: u (K, T), z and o (M, T-1), r (N, T), p (2, T).
// Output m at index i belongs to step i + 1. Excitatory units come first.
export function decode(written) {
  const T = written.u[0].length;
  const N = written.r.length;
  const times = Array.from({length: T}, (_, step) => step * written.step);
  return {
    T,
    N,
    NE: written.NE,
    stepMs: written.step,
    times,
    outputTimes: times.slice(1),
    windows: written.windows.map(window => decodeWindow(window, times.at(-1))),
    channels: written.channels,
    u: written.u,
    z: written.z,
    o: written.o,
    r: rates(written.r, written.r_max),
    rMax: written.r_max,
    path: {x: written.p[0], y: written.p[1]},
    explained: written.explained,
  };
}

// A time in which something is done to the network, in ms, up to the last step that is drawn.
function decodeWindow([from, to, what], last) {
  return {from, to: Math.min(to, last), what};
}

// Whole thousandths of the largest rate keep the page small.
function rates(thousandths, rMax) {
  return thousandths.map(row => row.map(value => value / 1000 * rMax));
}

// What each of M outputs is called; one alone needs no number.
export function outputNames(M) {
  if (M === 1) return ['output'];
  return Array.from({length: M}, (_, m) => `output ${m}`);
}

// A step in words: '450 ms, output 0.97'. Step 0 has no output yet.
export function describe(trial, step) {
  const time = `${step * trial.stepMs} ms`;
  if (step === 0) return time;
  const values = trial.o.map(row => row[step - 1].toFixed(2));
  return `${time}, output ${values.join(' ')}`;
}
