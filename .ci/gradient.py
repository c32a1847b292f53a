"""The gradient and the updates of rate/web/network/backprop.mjs against those of rate, in double precision. Needs node."""
import json
import subprocess
from itertools import product
from pathlib import Path

import numpy as np
import torch
from rate import FR_RNN_dale
from rate.training import _Adam

WEB = (Path(__file__).parent.parent / 'rate/web').as_uri()
UPDATES, T = 5, 60
JAVASCRIPT = '''
import {readFileSync} from 'node:fs';
const {Adam} = await import(`${WEB}/network/adam.mjs`);
const {backward, forward, lossOf} = await import(`${WEB}/network/backprop.mjs`);

const {learner, u, z, x0, noise} = JSON.parse(readFileSync(0));
const trained = {};
for (const name of ['w', 'wOut', 'bOut', 'tausGaus']) {
  learner[name] = Float64Array.from(learner[name]);
  trained[name] = learner[name];
}
const adam = new Adam(trained);
const updates = noise.map(xi => {
  const course = forward(learner, u, x0, xi);
  const {loss, slopes} = lossOf(course.o, z);
  const gradient = backward(learner, course, slopes);
  adam.step(gradient);
  const lists = Object.entries({...gradient, o: course.o, values: trained.w});
  return {loss, ...Object.fromEntries(lists.map(([name, values]) => [name, Array.from(values)]))};
});
console.log(JSON.stringify(updates));
'''

def learner_of(net, taus):
    "The network as learner.mjs holds it."
    exists = (net.w.detach().numpy() != 0) | (not net.apply_dale)
    post, pre = np.nonzero(exists)
    lists = dict(inh=net.inh[:, 0] * 1, start=np.searchsorted(post, np.arange(net.N + 1)), pre=pre,
                 sign=(net.mask.diagonal() * net.som_mask).numpy()[exists], wIn=net.w_in.numpy(),
                 w=net.w.detach().numpy()[exists], wOut=net.w_out.detach().numpy(),
                 bOut=[net.b_out.item()], tausGaus=net.taus_gaus.detach().numpy())
    return dict(N=net.N, K=net.w_in.shape[1], dale=net.apply_dale, taus=taus,
                **{name: np.ravel(values).tolist() for name, values in lists.items()})

def in_python(net, taus, exists, u, z, x0, noise):
    "Loss, outputs, gradients and new weights of each update."
    adam = _Adam(net.parameters(), .01)
    for xi in noise:
        adam.zero_grad()
        o = net.run(u, taus, dict(T=T, DeltaT=1), x0=x0, noise=xi).o
        loss = torch.linalg.vector_norm(o - z)
        loss.backward()
        fixed = net.taus_gaus.grad is None
        found = dict(w=net.w.grad[exists], wOut=net.w_out.grad, bOut=net.b_out.grad, o=o.detach(),
                     tausGaus=torch.zeros(net.N) if fixed else net.taus_gaus.grad)
        adam.step()
        yield dict(found, loss=loss.detach(), values=net.w.detach()[exists])

def compare(dale, som_N, taus, sd):
    rng = np.random.default_rng(1)
    N, K = 12, 2
    net = FR_RNN_dale(N, .3, .4, rng.standard_normal((N, K)), som_N=som_N, apply_dale=dale,
                      seed=3).double()
    with torch.no_grad(): net.w[tuple(net.w.nonzero()[4])] = -.2  # lost under Dale's principle
    u, z = rng.standard_normal((K, T)), torch.as_tensor(rng.standard_normal(T - 1))
    x0, noise = .01 * rng.standard_normal(N), sd * rng.standard_normal((UPDATES, T, N))
    given = dict(learner=learner_of(net, taus), u=u.ravel().tolist(), z=z.tolist(),
                 x0=x0.tolist(), noise=noise.reshape(UPDATES, -1).tolist())
    node = ['node', '--input-type=module', '-e', f'const WEB = {WEB!r};{JAVASCRIPT}']
    answer = subprocess.run(node, input=json.dumps(given), capture_output=True, text=True,
                            check=True)
    exists = (net.w != 0) | (not dale)
    wanted = in_python(net, taus, exists, u, z, x0[None], noise.swapaxes(1, 2)[:, None])
    for k, (mine, update) in enumerate(zip(json.loads(answer.stdout), wanted, strict=True)):
        for name, value in update.items():
            np.testing.assert_allclose(np.ravel(mine[name]), np.ravel(value), rtol=1e-8,
                                       atol=1e-10, err_msg=f'{name} in update {k}')

if __name__ == '__main__':
    for setting in product((True, False), (0, 1), ([4, 20], [7]), (0, .1)):
        dale, som_N, *_ = setting
        if dale or not som_N: compare(*setting)
    print('the gradient in the page is that of rate')
