"""Kill trainings at random moments, go on, and compare with ones that nothing stopped, bit for bit.

    python .ci/kills.py [--kills 50] [--seed 0] [--only NAME ...]

All work is done in forks of this process, which imports and does not train: so a kill costs a
fraction of a second. Needs a POSIX system. The full disk is a small tmpfs where mounting is
allowed; root, who may write everywhere, becomes another user for the read-only folder."""
import collections
import contextlib
import io
import itertools
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import warnings

import matplotlib
import numpy as np
import torch
import torch.utils.serialization  # rate imports it late, when a user without rights cannot
from processes import (NOBODY, ROOM, as_nobody, call, ended, fork, main, new_folder, same,
                       stop_often, wait_for)

from rate.cli import FILES, main as rate_train
from rate.files import load_arrays
from rate.model import FR_RNN_dale
from rate.tasks import TaskFactory
from rate.training import train

matplotlib.use('agg')
TASK = TaskFactory.create_task('go_nogo')
SETTINGS = dict(eval_every=50, eval_n_trials=10, max_loss=0, progress=False)
COMMAND = 'go-nogo --N 30 --max_trials 150 --eval_n_trials 20 --checkpoint_every 10'.split()
RUN = 'go_nogo_N30_seed0'       # the folder of its run
counts = collections.Counter()


def random_moment(rng, process, path, longest):
    "Wait for a random time, mostly from when the process has written its first checkpoint."
    def written(): return path.stat().st_mtime_ns if path.exists() else None
    def gone(): return os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    before = written()
    if rng.random() < .8: wait_for(lambda: written() != before or gone(), pause=.002)
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
            history = train(net, TASK, seed=seed, max_trials=n_trials, checkpoint=path,
                            checkpoint_every=every, callbacks=callbacks, **SETTINGS)
    except KeyboardInterrupt: return 130
    problems = [str(w.message) for w in caught if w.category is RuntimeWarning]
    if problems: print(f'     {len(problems)} warnings: {problems[0].replace(str(path), "FILE")}')
    held = whole(path)
    assert held['trials'] == history.trials, (held['trials'], history.trials)
    assert same(held['state_dict'], dict(net.state_dict()))
    return 130 if history.stopped == 'interrupted' else 0


def command(output_dir, *more):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        status = rate_train([*COMMAND, '--output_dir', str(output_dir), *more])
    if status not in (0, 130) and not more: print(out.getvalue().splitlines()[-1])
    return status


def whole(path):
    "What a checkpoint holds, which must be all of it."
    held = load_arrays(path)
    run, = held['runs']
    losses, trials = run['history']['losses'], held['trials']
    assert len(losses) == trials and np.isfinite(losses).all()
    assert all(torch.isfinite(t).all() for t in held['state_dict'].values())
    steps = {step.item() for step in held['optimizer']['steps']}
    assert steps == {trials}, (steps, trials)
    return held


def whole_run(folder):
    "Each file of a run of the command that is there is whole."
    here = {p.name for p in folder.iterdir()}
    for name in here & {'model.mat', 'model.pth'}:
        FR_RNN_dale(1, 0, 0, np.ones((1, 1))).load_net(folder / name)
    if 'report.png' in here:
        assert (folder / 'report.png').read_bytes()[-8:-4] == b'IEND', 'report.png is cut'
    if 'checkpoint.pth' in here: whole(folder / 'checkpoint.pth')
    return here


def equal(path, reference):
    assert same(load_arrays(path), load_arrays(reference)), f'{path.name} is another'


def pair(seed, n_trials):
    "A path for a checkpoint, and one of the same training that nothing stopped."
    reference = new_folder() / 'checkpoint.pth'
    call(training, reference, seed, 10**9, n_trials)
    return new_folder() / 'checkpoint.pth', reference


def tidy(folder, killed):
    "Nothing but finished files and, after a kill, locks and at most one unfinished file of a name."
    final = {'checkpoint.pth', *FILES}
    names = {p.name for p in folder.iterdir()}
    left = [re.sub(r'\.[0-9a-f]{8}\.tmp$', '.tmp', n) for n in names - final]
    allowed = {f'.{n}.{end}' for n in final for end in ('lock', 'tmp')} if killed else set()
    assert set(left) <= allowed and len(left) == len(set(left)), names


# --- checks ---

def kill(rng, process): os.kill(process, signal.SIGKILL)


def interrupt(rng, process):
    "One SIGINT, or two with a short time between them."
    for _ in range(rng.choice((1, 2))):
        os.kill(process, signal.SIGINT)
        counts['SIGINT'] += 1
        time.sleep(rng.uniform(0, .005))


def stopped_trainings(rng, stop, statuses, times, every, n_trials, longest):
    "Stop trainings after random times, so often in all, and let each go on to its end."
    seeds = itertools.count()

    def begin():
        seed = next(seeds)
        return seed, *pair(seed, n_trials)

    def attempt(piece, left):
        seed, path, _ = piece
        process = fork(training, path, seed, every, n_trials)
        if left:
            random_moment(rng, process, path, longest)
            stop(rng, process)
        status = ended(process)
        tidy(path.parent, killed=status and stop is kill)
        if not status: return 0, True       # it may have ended well before
        assert status in statuses, f'status {status}'
        if path.exists(): whole(path)
        return 1, False

    done, finished = stop_often(times, begin, attempt, lambda piece: equal(*piece[1:]))
    counts[stop] += done
    return (f'{done} times, a checkpoint every {every} of {n_trials} trials; '
            f'{finished} trainings equal those that ran through')


def killed_commands(rng, kills):
    "rate_train, its last files included, and --resume."
    reference, began = new_folder(), time.monotonic()
    call(command, reference)
    took = time.monotonic() - began

    def attempt(output, left):
        run = output / RUN
        resumable = (run / 'checkpoint.pth').exists()
        if not resumable: shutil.rmtree(run, ignore_errors=True)
        process = fork(command, output, *(['--resume'] if resumable else []))
        if left:
            time.sleep(rng.uniform(0, .6 * took))
            kill(rng, process)
        status = ended(process)
        if status == 0: return 0, True
        assert status == -signal.SIGKILL, f'status {status}'
        if not run.exists(): return 1, False
        tidy(run, killed=True)
        here = whole_run(run)
        return 1, {*FILES} <= here and 'checkpoint.pth' not in here

    def compare(output):
        for name in ('model.mat', 'model.pth'): equal(output / RUN / name, reference / RUN / name)

    done, finished = stop_often(kills, new_folder, attempt, compare)
    counts[kill] += done
    return f'{done} kills, {finished} runs equal the one that ran through'


def full_disk():
    "From the 20th to the 60th trial nothing can be written."
    small = new_folder()
    mount = 'mount', '-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', str(small)
    mounted = subprocess.run(mount, capture_output=True).returncode == 0

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

    def check(path, reference, callback):
        assert ended(fork(training, path, 0, 5, 80, [callback, stopped])) == 5
        assert whole(path)['trials'] == 15, whole(path)['trials']
        path.unlink()
        (path.parent / 'filler').unlink(missing_ok=True)
        call(training, path, 0, 5, 80, [callback])
        equal(path, reference)
        assert [p.name for p in path.parent.iterdir()] == ['checkpoint.pth']
    path, reference = pair(0, 80)
    try:
        check(path, reference, limit)
        if not mounted: return 'file size limit; tmpfs skipped, as mounting is not allowed'
        check(small / 'checkpoint.pth', reference, fill)
        return 'file size limit and tmpfs'
    finally:
        if mounted: subprocess.run(['umount', str(small)], check=True)


def read_only():
    "A folder that is read-only from the start, and one that becomes it."
    path, reference = pair(0, 80)
    folder = path.parent
    if os.geteuid() == 0:
        ROOM.chmod(0o755)
        os.chown(folder, NOBODY, NOBODY)

    def refused():
        net = fresh(0)
        try: train(net, TASK, checkpoint=path, **SETTINGS)
        except PermissionError:
            as_before = same(dict(net.state_dict()), dict(fresh(0).state_dict()))
            return 0 if as_before and net.taus is None else 4
        return 3

    def change(net, history):
        if history.trials == 20: folder.chmod(0o555)
        if history.trials == 60: folder.chmod(0o755)
    folder.chmod(0o555)
    call(as_nobody, refused)
    folder.chmod(0o755)
    call(as_nobody, training, path, 0, 5, 80, [change])
    equal(path, reference)
    return 'refused at the start, a warning later on'


def two_at_once():
    "Two trainings on one checkpoint, two commands in one folder."
    path, reference = pair(0, 300)

    def second():
        try: train(fresh(0), TASK, seed=0, max_trials=300, checkpoint=path, **SETTINGS)
        except BlockingIOError: return 0
        return 3
    first = fork(training, path, 0, 1, 300)
    wait_for(path.exists, pause=.002)
    call(second)
    os.kill(first, signal.SIGSTOP)      # alive, though it does nothing
    call(second)
    os.kill(first, signal.SIGCONT)
    assert ended(first) == 0
    equal(path, reference)
    output = new_folder()
    commands = [fork(command, output) for _ in range(2)]
    wait_for(lambda: len([*output.glob('*/checkpoint.pth')]) == 2, pause=.002)
    for process in commands: os.kill(process, signal.SIGSTOP)
    assert ended(fork(command, output, '--resume')) == 2, '--resume of a running one is not refused'
    for process in commands: os.kill(process, signal.SIGCONT)
    assert [ended(process) for process in commands] == [0, 0]
    runs = {p.name: sorted(f.name for f in p.iterdir()) for p in output.iterdir()}
    assert runs == {RUN: sorted(FILES), f'{RUN}_2': sorted(FILES)}, runs
    return 'the second is refused, or has a folder of its own'


def checks(rng, kills):
    fifth = max(1, kills // 5)
    dead, left = (-signal.SIGKILL,), (130, -signal.SIGINT)
    return (('killed in training', stopped_trainings, rng, kill, dead, 2 * fifth, 20, 600, .3),
            ('killed while writing', stopped_trainings, rng, kill, dead, kills - 3 * fifth, 1, 300,
             .3),
            ('killed rate_train', killed_commands, rng, fifth),
            ('interrupted', stopped_trainings, rng, interrupt, left, 2 * fifth, 7, 400, .2),
            ('full disk', full_disk), ('read-only folder', read_only),
            ('two at once', two_at_once))


def prepare():
    torch.set_num_threads(1)  # else a forked process may wait for threads that it lacks
    training(ROOM / 'first.pth', 0, 1, 2)  # loads the machine code, which forked processes then have


if __name__ == '__main__':
    status = main(__doc__, 50, checks, prepare)
    print(f'{counts[kill]} kills survived, {counts[interrupt]} interrupts by '
          f'{counts["SIGINT"]} signals')
    sys.exit(status)
