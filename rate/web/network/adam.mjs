// The optimiser Adam (Kingma & Ba, ICLR 2015), as torch.optim.Adam.

const BETA1 = .9;
const BETA2 = .999;
const EPS = 1e-8;

export class Adam {
  // values: {name: Float64Array}; each step changes them in place.
  constructor(values, rate = .01) {
    this.values = values;
    this.rate = rate;
    this.steps = 0;
    const zeros = () => Object.fromEntries(
      Object.entries(values).map(([name, array]) => [name, new Float64Array(array.length)]));
    this.means = zeros();  // of the gradients
    this.squares = zeros();  // means of their squares
  }

  step(gradient) {
    this.steps += 1;
    for (const name of Object.keys(this.values)) this.update(name, gradient[name]);
  }

  update(name, slopes) {
    const [values, means, squares] = [this.values[name], this.means[name], this.squares[name]];
    const rate = this.rate / (1 - BETA1 ** this.steps);
    const correction = Math.sqrt(1 - BETA2 ** this.steps);
    for (let i = 0; i < values.length; i++) {
      means[i] = BETA1 * means[i] + (1 - BETA1) * slopes[i];
      squares[i] = BETA2 * squares[i] + (1 - BETA2) * slopes[i] ** 2;
      values[i] -= rate * means[i] / (Math.sqrt(squares[i]) / correction + EPS);
    }
  }
}
