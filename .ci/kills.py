"""Kill trainings at random moments, go on, and compare with ones that nothing stopped, bit for bit.

    python .ci/kills.py [--kills 50] [--seed 0]

All work is done in forks of this process, which imports and does not train: so a kill costs a
fraction of a second. Needs a POSIX system. The full disk is a small tmpfs where mounting is
allowed; root, who may write everywhere, becomes another user for the read-only folder."""
import argparse
import contextlib
import io
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

import matplotlib
import numpy as np
import torch
import torch._dynamo      # else each fork imports it when it makes its first optimiser

from rate.cli import FILES, main as rate_train
from rate.files import load_arrays
from rate.model import FR_RNN_dale
from rate.tasks import TaskFactory
from rate.training import train

matplotlib.use('agg')
TASK = TaskFactory.create_task('go_nogo')
SETTINGS = dict(eval_every=50, eval_trials=10, max_loss=0, progress=False)
NOBODY = 65534
counts = {'kills': 0, 'interrupts': 0}


# --- processes ---

def fork(work, *args, **k):
    "Start `work` in a process of its own, which ends with what it returns, 1 after an exception."
    sys.stdout.flush()
    process = os.fork()
    if process: return process
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)      # ignored in a background job
        torch.set_num_threads(1)
        status = work(*args, **k) or 0
    except SystemExit as e: status = e.code
    except KeyboardInterrupt: status = 130      # before or after the training proper
    except BaseException: traceback.print_exc()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdout.flush()
        os._exit(status)


def ended(process): return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def call(work, *args, **k):
    status = ended(fork(work, *args, **k))
    assert status == 0, f'{work.__name__} ended with status {status}'


def wait_for(true, seconds=20):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, 'waited in vain'
        time.sleep(.002)


def random_moment(rng, process, path, longest):
    "Wait for a random time, mostly from when the process has written its first checkpoint."
    def written(): return path.stat().st_mtime_ns if path.exists() else None
    def gone(): return os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    before = written()
    if rng.random() < .8: wait_for(lambda: written() != before or gone())
    time.sleep(rng.uniform(0, longest))


# --- trainings ---

def fresh(seed):
    rng = np.random.RandomState(seed)
    return FR_RNN_dale(30, .2, .2, rng.standard_normal((30, 1)), seed=rng)


def training(path, seed, every, n_trials, callbacks=()):
    "Train or go on; status 130 after an interrupt, whose network, history and file must agree."
    try:
        net = fresh(seed)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter('always')
            history = train(net, TASK, seed=seed, n_trials=n_trials, checkpoint=path,
                            checkpoint_every=every, callbacks=callbacks, **SETTINGS)
    except KeyboardInterrupt: return 130
    problems = [str(w.message) for w in caught if w.category is RuntimeWarning]
    if problems: print(f'     {len(problems)} warnings: {problems[0].replace(str(path), "FILE")}')
    held = whole(path)
    assert held['trials'] == history.trials, (held['trials'], history.trials)
    assert same(held['state_dict'], dict(net.state_dict()))
    return 130 if history.stopped == 'interrupted' else 0


def same(a, b):
    "Whether two checkpoints are equal in everything but the time they took."
    if isinstance(a, dict):
        timed = {'seconds', 'wall_time'}
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a.keys() - timed)
    if isinstance(a, (list, tuple)): return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, torch.Tensor): return a.dtype == b.dtype and torch.equal(a, b)
    return type(a) is type(b) and a == b


def whole(path):
    "What a checkpoint holds, which must be all of it."
    held = load_arrays(path)
    run, = held['runs']
    losses = run['history']['losses']
    assert len(losses) == held['trials'] and np.isfinite(losses).all()
    assert all(torch.isfinite(t).all() for t in held['state_dict'].values())
    steps = {s['step'].item() for s in held['optimizer']['state'].values()}
    assert steps in ({held['trials']}, set()), (steps, held['trials'])
    return held


def tidy(folder, killed):
    "Nothing but finished files and, after a kill, locks and at most one unfinished file of a name."
    names = [p.name for p in folder.iterdir()]
    left = [re.sub(r'\.[0-9a-f]{8}\.tmp$', '.tmp', n) for n in names if n.startswith('.')]
    final = ('checkpoint.pth', *FILES)
    allowed = {f'.{n}.{end}' for n in final for end in ('lock', 'tmp')} if killed else set()
    assert set(left) <= allowed and len(left) == len(set(left)), names
    assert {n for n in names if not n.startswith('.')} <= {*final}, names


# --- checks ---

def killed(process, kill):
    "Kill a process, or let it end; whether it was killed, for it may have ended well before."
    if kill: os.kill(process, signal.SIGKILL)
    status = ended(process)
    assert status in (0, -signal.SIGKILL), f'status {status}'
    counts['kills'] += status != 0
    return status != 0


def killed_trainings(rng, kills, every, n_trials, longest):
    "SIGKILL after a random time, until so many kills are survived and the training has ended."
    done, finished = 0, 0
    while done < kills:
        seed = finished
        folder, reference = new_folder(), new_folder() / 'checkpoint.pth'
        path = folder / 'checkpoint.pth'
        call(training, reference, seed, 10**9, n_trials)
        while True:
            process = fork(training, path, seed, every, n_trials)
            if done < kills: random_moment(rng, process, path, longest)
            if not killed(process, done < kills): break
            done += 1
            tidy(folder, killed=True)
            if path.exists(): whole(path)
        tidy(folder, killed=False)
        assert same(load_arrays(path), load_arrays(reference)), 'the result is another'
        finished += 1
    return (f'{done} kills, a checkpoint every {every} of {n_trials} trials; '
            f'{finished} trainings equal those that ran through')


def interrupted_trainings(rng, times, every, n_trials, longest):
    "One SIGINT, or two with a short time between them."
    done, finished, hard = 0, 0, 0
    while done < times:
        path, reference = new_folder() / 'checkpoint.pth', new_folder() / 'checkpoint.pth'
        call(training, reference, finished, 10**9, n_trials)
        while True:
            process = fork(training, path, finished, every, n_trials)
            if done < times:
                random_moment(rng, process, path, longest)
                twice = rng.random() < .5
                for _ in range(1 + twice):
                    os.kill(process, signal.SIGINT)
                    time.sleep(rng.uniform(0, .005))
            status = ended(process)
            if status == 0: break
            assert status in (130, -signal.SIGINT), f'status {status}'
            done, hard = done + 1, hard + twice
            counts['interrupts'] += 1
            tidy(path.parent, killed=False)
            if path.exists(): whole(path)
        assert same(load_arrays(path), load_arrays(reference)), 'the result is another'
        finished += 1
    return (f'{done} interrupts, {hard} of them double; '
            f'{finished} trainings equal those that ran through')


def command(output_dir, *more):
    out = io.StringIO()
    line = 'go-nogo --N 30 --n_trials 150 --eval_trials 20 --checkpoint_every 10'.split()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        status = rate_train([*line, '--output_dir', str(output_dir), *more])
    if status not in (0, 130) and not more: print(out.getvalue().splitlines()[-1])
    return status


def whole_run(folder):
    for name in ('model.mat', 'model.pth'):
        if (folder / name).exists(): FR_RNN_dale(1, 0, 0, np.ones((1, 1))).load_net(folder / name)
    if (folder / 'report.png').exists():
        assert (folder / 'report.png').read_bytes()[-8:-4] == b'IEND', 'report.png is cut'
    if (folder / 'checkpoint.pth').exists(): whole(folder / 'checkpoint.pth')


def killed_commands(rng, kills):
    "rate_train, its last files included, and --resume."
    reference, done, finished = new_folder(), 0, 0
    began = time.monotonic()
    call(command, reference)
    took, run = time.monotonic() - began, 'go_nogo_N30_seed0'
    while done < kills:
        output = new_folder()
        while True:
            resumable = (output / run / 'checkpoint.pth').exists()
            if not resumable: shutil.rmtree(output / run, ignore_errors=True)
            process = fork(command, output, *(['--resume'] if resumable else []))
            if done < kills: time.sleep(rng.uniform(0, .6 * took))
            if not killed(process, done < kills): break
            done += 1
            if not (output / run).exists(): continue
            tidy(output / run, killed=True)
            whole_run(output / run)
            here = {p.name for p in (output / run).iterdir()}
            if {*FILES} <= here and 'checkpoint.pth' not in here: break
        for name in ('model.mat', 'model.pth'):
            a, b = (load_arrays(folder / run / name) for folder in (output, reference))
            if name == 'model.mat': a, b = ({k: v.tolist() for k, v in m.items()} for m in (a, b))
            assert same(a, b), f'{name} is another'
        finished += 1
    return f'{done} kills, {finished} runs equal the one that ran through'


def full_disk(rng):
    "From the 20th to the 60th trial nothing can be written."
    reference = new_folder() / 'checkpoint.pth'
    call(training, reference, 0, 10**9, 80)
    small, said = new_folder(), []
    mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', str(small)],
                             capture_output=True).returncode == 0

    def fill(net, history):
        if history.trials == 20:
            with contextlib.suppress(OSError), open(small / 'filler', 'wb', buffering=0) as f:
                while True: f.write(bytes(4096))
        if history.trials == 60: (small / 'filler').unlink()

    def limit(net, history):
        size = {20: 1000, 60: resource.RLIM_INFINITY}.get(history.trials)
        if size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def stopped(net, history):
        if history.trials == 55: raise SystemExit(5)
    try:
        for name, folder, callback in (*[('tmpfs', small, fill)] * mounted,
                                       ('file size limit', new_folder(), limit)):
            path = folder / 'checkpoint.pth'
            assert ended(fork(training, path, 0, 5, 80, [callback, stopped])) == 5
            assert whole(path)['trials'] == 15, whole(path)['trials']
            path.unlink()
            (folder / 'filler').unlink(missing_ok=True)
            call(training, path, 0, 5, 80, [callback])
            assert same(load_arrays(path), load_arrays(reference)), 'the result is another'
            assert [p.name for p in folder.iterdir()] == ['checkpoint.pth']
            said.append(name)
    finally:
        if mounted: subprocess.run(['umount', str(small)], check=True)
    return ' and '.join(said) + ('' if mounted else '; tmpfs skipped, as mounting is not allowed')


def read_only(rng):
    "A folder that is read-only from the start, and one that becomes it."
    reference = new_folder() / 'checkpoint.pth'
    call(training, reference, 0, 10**9, 80)
    folder = new_folder()
    path = folder / 'checkpoint.pth'
    if os.geteuid() == 0:
        ROOM.chmod(0o755)
        os.chown(folder, NOBODY, NOBODY)

    def as_user(work, *args):
        if os.geteuid() == 0: os.setuid(NOBODY)
        return work(*args)

    def refused():
        net = fresh(0)
        try: train(net, TASK, checkpoint=path, **SETTINGS)
        except PermissionError:
            as_before = same(dict(net.state_dict()), dict(fresh(0).state_dict()))
            return 0 if as_before and net.taus is None else 4
        return 3

    def change(net, history):
        if history.trials in (20, 60): folder.chmod(0o555 if history.trials == 20 else 0o755)
    folder.chmod(0o555)
    call(as_user, refused)
    folder.chmod(0o755)
    call(as_user, training, path, 0, 5, 80, [change])
    assert same(load_arrays(path), load_arrays(reference)), 'the result is another'
    return 'refused at the start, a warning later on'


def two_at_once(rng):
    "Two trainings on one checkpoint, two commands in one folder."
    path, reference = new_folder() / 'checkpoint.pth', new_folder() / 'checkpoint.pth'
    call(training, reference, 0, 10**9, 300)

    def second():
        try: train(fresh(0), TASK, seed=0, n_trials=300, checkpoint=path, **SETTINGS)
        except BlockingIOError: return 0
        return 3
    first = fork(training, path, 0, 1, 300)
    wait_for(path.exists)
    call(second)
    os.kill(first, signal.SIGSTOP)      # alive, though it does nothing
    call(second)
    os.kill(first, signal.SIGCONT)
    assert ended(first) == 0
    assert same(load_arrays(path), load_arrays(reference)), 'the result is another'
    output = new_folder()
    commands = [fork(command, output) for _ in range(2)]
    wait_for(lambda: len([*output.glob('*/checkpoint.pth')]) == 2)
    os.kill(commands[0], signal.SIGSTOP)
    os.kill(commands[1], signal.SIGSTOP)
    assert ended(fork(command, output, '--resume')) == 2, '--resume of a running one is not refused'
    for process in commands: os.kill(process, signal.SIGCONT)
    assert [ended(process) for process in commands] == [0, 0]
    runs = sorted(p.name for p in output.iterdir())
    assert runs == ['go_nogo_N30_seed0', 'go_nogo_N30_seed0_2'], runs
    for run in runs: assert sorted(p.name for p in (output / run).iterdir()) == sorted(FILES)
    return 'the second is refused, or has a folder of its own'


def new_folder(): return Path(tempfile.mkdtemp(dir=ROOM))


if __name__ == '__main__':
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument('--kills', type=int, default=50, help='to survive')
    options.add_argument('--seed', type=int, default=0, help='of the moments')
    options = options.parse_args()
    rng, results, ROOM = random.Random(options.seed), [], Path(tempfile.mkdtemp())
    fifth = max(1, options.kills // 5)
    torch.set_num_threads(1)
    try:
        for name, check, *args in (
                ('killed in training', killed_trainings, 2 * fifth, 20, 600, .3),
                ('killed while writing', killed_trainings, options.kills - 3 * fifth, 1, 300, .3),
                ('killed rate_train', killed_commands, fifth),
                ('interrupted', interrupted_trainings, 2 * fifth, 7, 400, .2),
                ('full disk', full_disk), ('read-only folder', read_only),
                ('two at once', two_at_once)):
            began = time.monotonic()
            try: print(f'ok   {name}: {check(rng, *args)} ({time.monotonic() - began:.0f} s)')
            except Exception as e:
                plain = isinstance(e, AssertionError) and str(e)
                print(f'FAIL {name}: {e}' if plain else f'FAIL {name}\n{traceback.format_exc()}')
                results.append(False)
            else: results.append(True)
    finally: shutil.rmtree(ROOM)
    print(f'{counts["kills"]} kills survived, {counts["interrupts"]} interrupts')
    print(f'{sum(results)} passed, {len(results) - sum(results)} failed')
    sys.exit(not all(results))
