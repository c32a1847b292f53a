"""The network of rate/web/ beside Python: outputs, lesion draws, scores, the code of a
state and its words, gradients, and the file of a network that was trained in the page.

    python .ci/live.py [--browser]

Python writes networks, trials and what it computes of them into a scratch folder; live.checks.mjs
computes the same in node and, with --browser, in headless Chromium (needs playwright)."""
import argparse
import json
import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path

import numpy as np
import torch
from common import ROOT, Report, chromium, node, served
from scipy.io import loadmat

from rate.dynamics import Circuit, integrate
from rate.interventions import (choose, lesion, pulses, run, silence, stimulate,
                                strengthen)
from rate.model import FR_RNN_dale, _balanced, evaluate, load
from rate.page import Data, pack
from rate.pretrained import load_pretrained
from rate.studies import RECIPES
from rate.tasks import (AbstractTask, DelayedMatchTask, GoNogoTask, ManteTask,
                        PerceptualDecisionTask, XORTask, score)
from rate.training import _Adam
from rate.widgets import lesion_explorer

SITES = ('all', 'by_type', 'E-E', 'E-I', 'I-E', 'I-I', 'E', 'I', 'SOM', 'input', 'readout', 'units')
N_TRIALS = 4  # of each network


class Both(GoNogoTask):
    "Go-NoGo with a second output that answers the other way."
    def generate_target(self, label, seed=False):
        z = super().generate_target(label)
        return np.stack([z, 1 - z])


class Bumps(AbstractTask):
    "Targets with several peaks of both signs, two of them the largest, in a window of its own."
    name, defaults, required, trial_types = 'bumps', dict(T=60, DeltaT=.5), ('T',), ('up', 'down')
    response_window = slice(5, -3)

    def generate_stimulus(self, trial_type=None, seed=False):
        sign = 1 if self.draw_trial_type(trial_type) == 'up' else -1
        return sign * np.ones((1, self.settings['T']), np.float32), sign

    def generate_target(self, label, seed=False):
        return np.float32(label * np.sin(np.arange(self.settings['T'] - 1) / 4).round(1))


class Match(AbstractTask):
    "Trials of two outputs that differ in length, window and weights, with limits of their own."
    name, defaults, required = 'match', dict(T=70, answer=.6, silence=.2), ('T',)
    trial_types, output_channels, lengths_vary = ('match', 'nonmatch'), ('match', 'nonmatch'), True

    def generate_stimulus(self, trial_type=None, seed=False):
        match, delay = self.draw_trial_type(trial_type) == 'match', int(np.random.choice([10, 20, 30]))
        u = np.zeros((1, 40 + delay), np.float32)
        u[0, :10] = 1
        u[0, 10 + delay:20 + delay] = 1 if match else -1
        return u, dict(match=match, delay=delay)

    def generate_target(self, label, seed=False):
        z = np.zeros((2, 39 + label['delay']), np.float32)
        z[0 if label['match'] else 1, 20 + label['delay']:] = 1
        return z

    def generate_mask(self, label): return np.linspace(0, 1, 39 + label['delay'])

    def window_of(self, label):
        steps = np.arange(39 + label['delay'])
        return (steps > 25 + label['delay']) & (steps % 3 > 0)


# --- networks

def random_network(K, taus, activation='sigmoid', M=1, gain=1., P_inh=.25, **more):
    "A network without noise, which was not trained."
    rng = np.random.default_rng(len(activation) + M)
    net = FR_RNN_dale(60, P_inh, .3, rng.normal(size=(60, K)), gain=gain, activation=activation,
                      w_out=rng.normal(size=(M, 60)) / 20, seed=1, **more)
    net.taus = taus
    with torch.no_grad():
        net.b_out += .05
        if net.rectifier == 'abs': net.w *= torch.where(torch.rand(net.w.shape) < .5, -1, 1)
    return net


def networks():
    "Name -> network and task: each activation, one and two time constants, SOM units, outputs."
    found = {task.name: (load_pretrained(task.name), task)
             for task in (GoNogoTask(), XORTask(), ManteTask(), DelayedMatchTask(),
                          PerceptualDecisionTask())}
    found['published'] = load_pretrained('xor_published'), XORTask()
    found['relu, SOM'] = random_network(1, [4, 20], 'clipped_relu', gain=.7, som_N=5), GoNogoTask()
    found['softplus, one tau'] = random_network(2, [10], 'softplus', gain=.5), XORTask()
    found['two outputs'] = random_network(1, [4, 20], M=2), Both()
    found['half a step, no Dale'] = random_network(1, [3], apply_dale=False, P_inh=0), Bumps()
    found['no connection lost'] = random_network(1, [4, 20], rectifier='abs', start='balanced'), GoNogoTask()
    found['relu at its bound'] = random_network(1, [4], 'clipped_relu', gain=3.), GoNogoTask()
    found['a choice'] = random_network(2, [4, 20], M=2, gain=.7), PerceptualDecisionTask()
    found['trials of different lengths'] = random_network(1, [4, 20], M=2, P_inh=.3), Match()
    found['with a lesion of its own'] = lesioned_before(load_pretrained('go_nogo')), GoNogoTask()
    for net, _ in found.values(): net.noise = net.init_noise = 0
    return found


def lesioned_before(net):
    "Connections severed, units silenced, and one whose rate is halved."
    net.lesion(.5, 'I-I', seed=0)
    net.lesion(1, [3, 17])
    net.lesion(1, [40], scale=.5)
    return net


def random_state(circuit, T, site, rng):
    "A state of a site, its lesion lasting or not, as a dict."
    some = rng.choice(len(circuit.inh), 5, replace=False)
    start, stop = sorted(rng.choice(T + 1, 2, replace=False).tolist())
    lasts = rng.random() < .5
    return dict(site=site, units=', '.join(map(str, some)) if site == 'units' else '',
                fraction=float(rng.choice([0, .01, .37, .5, 1, rng.random()])),
                scale=float(rng.choice([0, .35, 1, 2])), start=0 if lasts else start,
                stop=T if lasts else stop, lesion_seed=int(rng.integers(2**32)))


def interventions(circuit, T, sites):
    "Some of each kind, lasting and not, on all trials and on some."
    of_units = [site for site in sites if site in ('E', 'I', 'SOM')][-1]
    return [silence(of_units, window=(10, 30), fraction=.4, seed=3),
            silence([1, 3, 5], window=(20, None), scale=.5, trials=[0, 2]),
            strengthen('all', 1.3, fraction=.5, by='strongest', seed=9),
            strengthen('input', .5, window=(5, 25)),
            strengthen('readout', 2., window=(T - 20, None), fraction=.3),
            stimulate(of_units, .7, window_ms=(75, 200)),
            stimulate([0, 2], pulses(30, period=7, width=3, amplitude=-2.), window=(4, None),
                      trials=[1]),
            stimulate([4], np.linspace(0, 1, T))]


# --- what is written

def expected(net, task, given, rng):
    "A network as the page gets it, and what Python makes of it in some states."
    explorer = lesion_explorer(net, task, N_TRIALS)
    sites = [site for site in SITES if there(explorer.circuit, site)]
    if given: explorer.interventions = interventions(explorer.circuit, explorer.T, sites)
    states, codes, words, outputs = [], [], [], []
    for site in [*sites, *rng.choice(sites, 6).tolist()]:
        explorer.update(**random_state(explorer.circuit, explorer.T, site, rng),
                        trial_type=rng.choice(['', *task.trial_types]).item())
        with torch.no_grad():
            trajectory = run(double(explorer.circuit), explorer.trials.u, explorer.actions,
                             DeltaT=task.settings['DeltaT'])
        states.append(explorer.state())
        codes.append(explorer.code)
        words.append(explorer.what)
        outputs.append(trajectory.o.numpy())
    return explorer.data, pack(Data(dict(states=states, codes=codes, words=words),
                                    dict(outputs=np.stack(outputs))))


def double(circuit):
    "In double precision: what is left to differ is JavaScript's."
    return Circuit(*(part.double() if torch.is_tensor(part) else part for part in circuit))


def there(circuit, site):
    try: choose(circuit, 0, [0] if site == 'units' else site)
    except ValueError: return False
    return True


def draws(circuit, rng, n=100):
    "Random lesions, and where each hits, as numbers of the places in Python's arrays."
    sites, found, arrays = [site for site in SITES if there(circuit, site)], [], {}
    for k in range(n):
        state = random_state(circuit, 1, rng.choice(sites).item(), rng)
        site = state['site']
        if site == 'units': site = [int(unit) for unit in state['units'].split(', ')]
        hit = choose(circuit, state['fraction'], site, seed=state['lesion_seed'])
        arrays[f'hit{k}'] = np.concatenate([np.flatnonzero(part) for part in hit])
        found.append(state)
    return pack(Data(dict(states=found), arrays))


def scores(task, trials, rng):
    "Outputs near what is asked for, and which of them Python finds correct."
    each, B = 40, len(trials.u)
    z = np.tile(trials.z, (each, 1, 1))
    o = z * rng.normal(.7, .1, (len(z), 1, 1)) + rng.normal(0, .1, z.shape)
    o = np.where(rng.random((len(z), 1, 1)) < .4, o * .5, o)
    o[::5] = z[::5] * np.float32(.7)  # at the limit itself
    o[1::5] = np.where(z[1::5] == 0, np.float32(.3), z[1::5])
    for b, value in enumerate((np.nan, np.inf, -np.inf)): o[2 + 7 * b, -1, b] = value
    o = o.astype(np.float32)
    several = trials.take(np.tile(np.arange(B), each))
    correct = score(task, o, several).correct
    losses = [score(task, o[k:k + 1], several.take([k])).loss for k in range(len(z))]
    assert .05 < correct.mean() < .95, f'{task} scores {correct.mean():.0%}, which tests little'
    return pack(Data(dict(B=B), dict(o=o, correct=correct, losses=np.nan_to_num(losses, posinf=0))))


def write(folder):
    "All cases into a folder, and their names."
    rng, names = np.random.default_rng(14), []
    for name, (net, task) in networks().items():
        for given in (False, True):
            case = f'{len(names):02}'
            data, made = expected(net, task, given, rng)
            explorer = lesion_explorer(net, task, N_TRIALS)
            files = dict(data=data, made=made, draws=draws(explorer.circuit, rng),
                         scores=scores(task, explorer.trials, rng))
            for kind, packed in files.items(): (folder / f'{case}.{kind}').write_bytes(packed)
            names.append(f'{name}{", with interventions" if given else ""}')
    (folder / 'names.json').write_text(json.dumps(names))


# --- a network that was trained in the page

TRAINED = '''
import {readFileSync, writeFileSync} from 'node:fs';
const [FILE, RECIPE] = JSON.parse(readFileSync(0, 'utf8'));
const load = name => import(`${WEB}/${name}.mjs`);
const [{Training}, {trainedData}, {matFile}, {makeNetwork}, {makeTrials}, {runTrial, effectsOf},
  {asCode}, {intactState}] = await Promise.all(['work/training', 'work/trained', 'network/mat',
  'network/network', 'network/trials', 'work/experiment', 'work/action', 'work/state'].map(load));

const training = new Training({N: 60, seed: 5, recipe: RECIPE});
for (let k = 0; k < 400; k++) training.next();
const data = trainedData(training.learner);
writeFileSync(FILE, matFile(data.file));
const network = {...makeNetwork(data), noise: 0, initNoise: 0};
const world = {network, trials: makeTrials(data), given: []};
const states = [{}, {site: 'E-I', fraction: .4, lesion_seed: 3}, {site: 'I', fraction: .5}]
  .map(part => ({...intactState(200), ...part}));
const outputs = states.map(state => [0, 1].map(b => Array.from(
  runTrial(world, effectsOf(world, state), b, 0).o)));
const facts = {...data.facts, file: FILE};
console.log(JSON.stringify({outputs, codes: states.map(state => asCode(state, facts))}));
'''


def trained(folder, recipe):
    "What is downloaded is the network of the page, for `rate.load` and for scipy; so is its code."
    file = folder / 'trained.mat'
    page = json.loads(node(TRAINED, json.dumps([str(file), recipe])))
    net, task = load(file), GoNogoTask()
    assert net.rectifier == RECIPES[recipe].get('rectifier', 'relu')
    held = loadmat(file)
    assert held['w'].shape == (60, 60) and held['activation'] == ['sigmoid']
    assert np.array_equal(net.w.detach(), held['w'].astype(np.float32))
    np.testing.assert_allclose(5 * net.time_constants().detach(), taus_of(held), rtol=1e-6)
    u = np.stack([task.simulate_trial(t)[0] for t in ('go', 'nogo')])
    quiet = net.circuit()._replace(noise=0, init_noise=0)
    hits = None, (.4, 'E-I', 3), (.5, 'I', 0)
    for hit, outputs, code in zip(hits, page['outputs'], page['codes'], strict=True):
        def hurt(c): return lesion(c, hit[0], hit[1], seed=hit[2]) if hit else c
        with torch.no_grad(): o = integrate(double(hurt(quiet)), u).o[:, 0].numpy()
        assert np.abs(o - outputs).max() < 1e-5, 'the downloaded network does something else'
        names = {}
        exec(code, names)
        wanted = evaluate(hurt(net.circuit()), task, 100, seed=0)
        assert names['evaluation'].accuracy == wanted.accuracy and names['evaluation'].loss == wanted.loss


def taus_of(held):
    "Time constants in ms from what a .mat holds."
    (low, high), gaus = held['taus'][0], held['taus_gaus'][:, 0]
    return 5 * (low + (high - low) / (1 + np.exp(-gaus)))


# --- its training

UPDATES = '''
import {readFileSync} from 'node:fs';
const {Adam, backward, clip, forward, lossOf} = await import(`${WEB}/network/backprop.mjs`);

const {learner, u, z, x0, noise, most, rate} = JSON.parse(readFileSync(0));
const trained = {};
for (const name of ['w', 'wOut', 'bOut', 'tausGaus']) {
  learner[name] = Float64Array.from(learner[name]);
  trained[name] = learner[name];
}
const adam = new Adam(trained, rate);
const updates = noise.map(xi => {
  const course = forward(learner, u, x0, xi);
  const {loss, slopes} = lossOf(course.o, z);
  const gradient = backward(learner, course, slopes);
  clip(gradient, most);
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


def in_python(net, taus, exists, u, z, x0, noise, most, rate):
    "Loss, outputs, gradients and new weights of each update."
    adam = _Adam(net.parameters(), rate)
    for xi in noise:
        adam.zero_grad()
        o = net.run(u, taus, dict(T=60, DeltaT=1), x0=x0, noise=xi).o
        loss = torch.linalg.vector_norm(o - z)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), most)
        fixed = net.taus_gaus.grad is None
        found = dict(w=net.w.grad[exists], wOut=net.w_out.grad, bOut=net.b_out.grad, o=o.detach(),
                     tausGaus=torch.zeros(net.N) if fixed else net.taus_gaus.grad)
        adam.step()
        yield dict(found, loss=loss.detach(), values=net.w.detach()[exists])


def compare_updates(dale, som_N, taus, sd, most, rate, rectifier='relu'):
    rng = np.random.default_rng(1)
    N, K = 12, 2
    net = FR_RNN_dale(N, .3, .4, rng.standard_normal((N, K)), som_N=som_N, apply_dale=dale,
                      rectifier=rectifier, seed=3).double()
    with torch.no_grad(): net.w[tuple(net.w.nonzero()[4])] = -.2  # lost under Dale's principle
    u, z = rng.standard_normal((K, 60)), torch.as_tensor(rng.standard_normal(59))
    x0, noise = .01 * rng.standard_normal(N), sd * rng.standard_normal((5, 60, N))
    given = dict(learner=learner_of(net, taus) | dict(rectifier=rectifier), u=u.ravel().tolist(), z=z.tolist(),
                 x0=x0.tolist(), noise=noise.reshape(5, -1).tolist(), most=most, rate=rate)
    answer = json.loads(node(UPDATES, json.dumps(given)))
    exists = (net.w != 0) | (not dale)
    wanted = in_python(net, taus, exists, u, z, x0[None], noise.swapaxes(1, 2)[:, None], most, rate)
    for k, (mine, update) in enumerate(zip(answer, wanted, strict=True)):
        for name, value in update.items():
            np.testing.assert_allclose(np.ravel(mine[name]), np.ravel(value), rtol=1e-8,
                                       atol=1e-10, err_msg=f'{name} in update {k}')


def updates():
    "Gradients and updates of the page are those of rate, in double precision."
    for dale, som_N, taus, sd in product((True, False), (0, 1), ([4, 20], [7]), (0, .1)):
        if dale or not som_N: compare_updates(dale, som_N, taus, sd, most=1e9, rate=.01)
    for rectifier in ('relu', 'abs'):
        compare_updates(True, 0, [4, 20], .1, most=.3, rate=.005, rectifier=rectifier)


# --- how it begins

BEGINNINGS = '''
const {drawLearner} = await import(`${WEB}/network/learner.mjs`);
const {RECIPES} = await import(`${WEB}/work/training.mjs`);
const drawn = ['published', 'balanced'].map(begin => {
  const {inh, start, pre, w} = drawLearner({N: 60, seed: 7, begin});
  const [ofInh, ofStart, ofPre, ofW] = [inh, start, pre, w].map(values => Array.from(values));
  return {inh: ofInh, start: ofStart, pre: ofPre, w: ofW};
});
console.log(JSON.stringify({drawn, recipes: RECIPES}));
'''


def beginnings():
    "The balanced start scales the page's published one to the same bits as rate; recipes are alike."
    page = json.loads(node(BEGINNINGS))
    published, balanced = (whole_matrix(drawn) for drawn in page['drawn'])
    inh = np.array(page['drawn'][0]['inh'], bool)
    assert inh.any() and not np.array_equal(published, balanced)
    np.testing.assert_array_equal(balanced, _balanced(published, inh, np.ones_like(published)))
    mine = page['recipes']
    for name, recipe in RECIPES.items():
        wanted = dict(begin=recipe.get('start', 'published'), clip=recipe.get('clip'),
                      rectifier=recipe.get('rectifier', 'relu'), rate=recipe.get('lr', .01))
        assert mine[name] == wanted, f'the recipe {name} is {mine[name]} in the page, {wanted} in Python'


def whole_matrix(drawn):
    "(N, N) weights of a learner, 0 where there is no connection."
    N, w = len(drawn['inh']), np.zeros((len(drawn['inh']),) * 2)
    w[np.repeat(np.arange(N), np.diff(drawn['start'])), drawn['pre']] = drawn['w']
    return w


# --- who reads it

IN_NODE = """
import {readFileSync} from 'node:fs';
const {checkAll} = await import(WEB.replace('rate/web', '.ci/live.checks.mjs'));
const folder = readFileSync(0, 'utf8');
console.log(JSON.stringify(await checkAll(name => readFileSync(`${folder}/${name}`))));
"""
IN_CHROMIUM = """async () => {
  const {checkAll} = await import('/.ci/live.checks.mjs');
  return checkAll(async name => new Uint8Array(await (await fetch('/' + name)).arrayBuffer()));
}"""


def in_node(folder): return told(json.loads(node(IN_NODE, str(folder))))


def in_chromium(folder):
    shutil.copytree(ROOT / 'rate' / 'web', folder / 'rate' / 'web')
    (folder / '.ci').mkdir()
    shutil.copy2(ROOT / '.ci' / 'live.checks.mjs', folder / '.ci')
    with served(folder) as address, chromium() as browser:
        page = browser.new_page()
        page.goto(f'{address}/names.json')
        return told(page.evaluate(IN_CHROMIUM))


def told(answer):
    assert not answer['faults'], '\n'.join(answer['faults'])
    return f'{answer["checks"]} checks'


def main():
    parser = argparse.ArgumentParser(description='The network in JavaScript beside Python.')
    parser.add_argument('--browser', action='store_true', help='in Chromium, too')
    browser, report = parser.parse_args().browser, Report()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write(folder)
        for recipe in RECIPES:
            report.run(f'a network that the page trained by the {recipe} recipe is in its file', trained,
                       folder, recipe)
        report.run('gradients and updates', updates)
        report.run('the beginnings of a training', beginnings)
        report.run('outputs, draws, scores and texts in node', in_node, folder)
        if browser: report.run('the same in Chromium', in_chromium, folder)
    return report.end()


if __name__ == '__main__': sys.exit(main())
