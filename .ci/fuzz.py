"""Damaged and hostile files through everything that reads a file.

    python .ci/fuzz.py [--cases 2000] [--seed 0]

Each file of hostile.py goes through `load_net`, `load_arrays` or `rate_train --mode eval`. It must
end in ValueError or an OSError, its message one line that names the file (from the command: that
line on stderr, nothing on stdout, status 2), with the network in memory bit for bit as it was, or
in a whole network; within 5 s and 500 MB above the start, without a word on stdout or stderr but
the command's warnings, a line each, and without running code from it. Worker processes take the
cases; one that does not answer is killed. Linux only. The exit status is 1 if a case failed."""
import argparse
import collections
import contextlib
import multiprocessing
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

import numpy as np
import torch
from common import Report
from hostile import LAB, Call, corpus, saved

from rate.cli import main as rate_train
from rate.files import load_arrays
from rate.model import FR_RNN_dale

SECONDS, MEGABYTES = 5, 500
EVALUATE = 'go-nogo', '--mode', 'eval', '--eval_n_trials', '2', '--model'
READERS = {'load_net': FR_RNN_dale.load_net,
           'cli': lambda net, path: rate_train([*EVALUATE, path]),
           'load_arrays': lambda net, path: load_arrays(path)}
# Damage of the file itself goes through all readers; load_arrays takes any file that is in order.
BYTES = ('truncated', 'wrong suffix', 'wrong kind', 'odd path', 'declared size', 'declared shape',
         'data type', 'bomb', 'zip', 'code', 'legacy', 'flipped')


def network():
    net = FR_RNN_dale(6, 0.5, 0.8, np.ones((6, 1)), seed=3)
    net.taus = [4, 20]
    return net


def run_short(net, K):
    "The shape of the outputs of three steps."
    taus = net.taus or [4, 20]
    return net.run(np.ones((1, K, 3)), taus, dict(T=3, DeltaT=min(1, *taus)), seed=0).o.shape


def state(net):
    "Everything that load_net could change, for a comparison bit for bit."
    tensors = {k: (id(t), t.dtype, tuple(t.shape), t.detach().numpy().tobytes())
               for k, t in net.state_dict(keep_vars=True).items()}
    return tensors, {k: repr(v) for k, v in vars(net).items() if not k.startswith('_')}


def whole(net):
    "Raises AssertionError unless the network is one that the dynamics can use."
    N, (M, K) = net.N, (net.w_out.shape[0], net.w_in.shape[1])
    shapes = dict(w=(N, N), mask=(N, N), som_mask=(N, N), severed=(N, N), w_in=(N, K),
                  w_out=(M, N), b_out=() if M == 1 else (M,), taus_gaus=(N, 1), unit_gain=(N,))
    tensors, signs = net.state_dict(), net.mask.diagonal()
    assert {k: tuple(t.shape) for k, t in tensors.items()} == shapes, 'shapes'
    assert all(t.isfinite().all() for t in tensors.values()), 'values that are not finite'
    assert np.array_equal(net.inh[:, 0], signs.numpy() < 0), 'inhibitory units'
    assert np.array_equal(net.exc, ~net.inh), 'excitatory units'
    assert len(net.som_inh) == net.som_N and net.NI + net.NE == N, 'numbers of units'
    assert not net.apply_dale or (net.w_eff * signs >= 0).all(), "Dale's principle"
    assert run_short(net, K) == (1, M, 2), 'outputs'


# --- the worker takes one case after another

def memory(field):
    "VmRSS or VmHWM, the memory now or at most, in MB."
    lines = Path('/proc/self/status').read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


@contextlib.contextmanager
def recorded(texts):
    "Record standard output and error, C code's too: `texts` gets both in the end."
    kept, files = [os.dup(1), os.dup(2)], [tempfile.TemporaryFile() for _ in range(2)]
    for fd, f in zip((1, 2), files): os.dup2(f.fileno(), fd)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for fd, was, f in zip((1, 2), kept, files):
            os.dup2(was, fd)
            os.close(was)
            f.seek(0)
            texts.append(f.read().decode(errors='replace'))
            f.close()


def read(path, route):
    "Outcome of one case: 'error', 'network' or 'read', or what is wrong with it."
    net, texts, message, status = network(), [], None, None
    before = state(net)
    with recorded(texts):
        try: status = READERS[route](net, path)
        except (ValueError, OSError) as e: message = str(e)
        except BaseException as e: return f'{type(e).__name__}: {traceback.format_exc()[-600:]}'
    out, err = texts
    if route == 'cli':
        if message is not None: return f'left main: {message}'
        err = re.sub(r'(?m)^rate_train: warning: .*\n', '', err)
        if status == 2 and not out: message, err = err.removesuffix('\n'), ''
        if status == 0 and out.count('\n') == 1: out = ''
    if out or err: return f'printed {out[-300:]!r} and {err[-300:]!r}, status {status}'
    if message is not None: return judge(message, path, state(net) == before)
    if route == 'load_net':
        try: whole(net)
        except Exception as e: return f'not a whole network: {type(e).__name__} {e}'
    return 'read' if route == 'load_arrays' else 'network'


def judge(message, path, unchanged):
    "Whether an error is one line that names the file, and left the network as it was."
    if len(message.splitlines()) != 1 or path not in message: return f'message {message!r}'
    if len(message) > len(path) + 500:
        return f'a message of {len(message)} characters: {message[:200]!r}'
    if not message.replace(path, '').isprintable(): return f'control characters: {message!r}'
    return 'error' if unchanged else f'the network changed before {message!r}'


def work(pipe):
    torch.set_num_threads(1)  # this process was forked: it has none of PyTorch's other threads
    with recorded([]): rate_train([*EVALUATE, str(LAB)])
    # The machine is safe even where a file is not.
    virtual = int(memory('VmSize') * 2**20)
    resource.setrlimit(resource.RLIMIT_AS, (virtual + 8 * 2**30,) * 2)
    base = memory('VmRSS')
    pipe.send('ready')
    while True:
        path, route = pipe.recv()
        Path('/proc/self/clear_refs').write_text('5')       # the highest memory counts from here
        start = time.monotonic()
        outcome = read(path, route)
        pipe.send((outcome, time.monotonic() - start, memory('VmHWM') - base))


class Worker:
    def __init__(self):
        context = multiprocessing.get_context('spawn')
        self.pipe, end = context.Pipe()
        self.process = context.Process(target=work, args=(end,), daemon=True)
        self.process.start()
        end.close()
        assert self.pipe.recv() == 'ready', 'the worker did not start'

    def ask(self, path, route):
        "Outcome, seconds and megabytes."
        try:
            self.pipe.send((path, route))
            if self.pipe.poll(SECONDS): return self.pipe.recv()
            why = 'no answer'
        except (EOFError, OSError): why = 'the process died'
        self.process.kill()
        self.process.join()
        outcome = f'{why}, status {self.process.exitcode}'
        self.__init__()
        return outcome, SECONDS, 0


# --- all cases

def route(i, kind):
    names = list(READERS)
    return names[i % 3] if kind.split()[0] == 'flipped' or kind in BYTES else names[i // 2 % 2]


def cases(least, seed, marker):
    "All hand-made files, and at least a fifth of `least` flipped ones: kind, name, route, bytes."
    flips = 0
    for i, (kind, name, data) in enumerate(corpus(np.random.default_rng(seed), marker)):
        flips += kind.startswith('flipped')
        if flips > least // 5 and i >= least: return
        yield kind, name, route(i, kind), data


def make(place, name, data):
    "The file alone in a new folder."
    with contextlib.suppress(FileNotFoundError): shutil.rmtree(place)
    place.mkdir()
    path = place / name
    if callable(data): data(path)
    else: path.write_bytes(data)
    return path


def through_worker(report, args, folder):
    outcomes = collections.defaultdict(collections.Counter)
    slowest = largest = 0, ''
    marker, worker = folder / 'ran', Worker()
    for kind, name, route, data in cases(args.cases, args.seed, marker):
        path = make(folder / 'case', name, data)
        outcome, seconds, megabytes = worker.ask(str(path), route)
        if marker.exists():
            outcome = 'code ran'
            marker.unlink()
        if seconds > SECONDS: outcome = f'{seconds:.1f} s'
        if megabytes > MEGABYTES: outcome = f'{megabytes:.0f} MB'
        allowed = ('network', 'read') if kind == 'good' else ('error', 'network', 'read')
        report.say(f'{kind}: {name!r} by {route}', outcome in allowed, outcome)
        outcomes[kind][outcome if outcome in allowed else 'FAILED'] += 1
        where = f'{kind}: {name[:60]!r} by {route}'
        slowest, largest = max(slowest, (seconds, where)), max(largest, (megabytes, where))
    worker.process.kill()
    for kind, counts in outcomes.items():
        said = ', '.join(f'{n} {outcome}' for outcome, n in sorted(counts.items()))
        print(f'{kind:<26}{sum(counts.values()):>5}   {said}')
    print(f'slowest  {slowest[0]:.2f} s, {slowest[1]}')
    print(f'largest  {largest[0]:.0f} MB above the start, {largest[1]}')


def through_command(report, folder):
    "A handful through the command itself."
    hdf5 = b'MATLAB 7.3 MAT-file'.ljust(124) + b'\0\2IM' + bytes(999)
    code = saved(Call(os.system, (f'touch {folder / "ran"}',)))
    for name, data in {'cut.mat': LAB.read_bytes()[:9000], 'code.pth': code, 'hdf.mat': hdf5,
                       'fifo.mat': os.mkfifo, 'absent.pth': lambda path: None}.items():
        path = make(folder / 'case', name, data)
        done = subprocess.run(['rate_train', *EVALUATE, str(path)], capture_output=True, text=True,
                              timeout=60)
        one_line = done.stderr.count('\n') == 1 and name in done.stderr
        quiet = not done.stdout and not (folder / 'ran').exists()
        report.say(f'rate_train in a process: {name}', done.returncode == 2 and one_line and quiet,
                   f'status {done.returncode}, {done.stdout!r}, {done.stderr[-300:]!r}')


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument('--cases', type=int, default=2000,
                   help='at least so many; all hand-made files are always among them')
    p.add_argument('--seed', type=int, default=0, help='of the flipped bytes')
    args, report = p.parse_args(), Report(only_failures=True)
    warnings.simplefilter('ignore')     # of the libraries that write the files
    with tempfile.TemporaryDirectory() as folder:
        through_worker(report, args, Path(folder))
        through_command(report, Path(folder))
    return report.end()


if __name__ == '__main__': sys.exit(main())
