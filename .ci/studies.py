"""Kill workers of studies and whole studies at random moments, go on, and compare with a study that
nothing stopped, bit for bit.

    python .ci/studies.py [--kills 20] [--seed 0]

Half of the kills hit a worker of Dask, the others all processes of a study at once. Needs a POSIX
system."""
import argparse
import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import dask
import joblib
from common import Report
from dask.distributed import Client, LocalCluster

from rate.files import load_arrays
from rate.studies import CHECKPOINT, NOTE, ROW, TABLE, condition_folder, grid, study, train_network

CONDITIONS = grid(task='go-nogo', N=20, gain=[1.2, 1.5], seed=range(4), n_trials=200,
                  eval_every=50, eval_n_trials=20, max_loss=0, checkpoint_every=25)
CLUSTER = dict(n_workers=2, threads_per_worker=1, processes=True, host='127.0.0.1',
               dashboard_address=None, silence_logs='CRITICAL')
FINISHED = ['model.mat', 'model.pth', ROW]
LOST = 3  # status of a study whose workers were lost


# --- studies in processes of their own

def here(folder): study(train_network, CONDITIONS, folder)


def by_loky(folder): study(train_network, CONDITIONS, folder, n_jobs=2)


def by_dask(folder, kills=0, seed=0):
    "Kill so many workers meanwhile, and write down each."
    # Dask gives up a worker that is killed while it starts, and would wait for ever for another
    dask.config.set({'distributed.scheduler.no-workers-timeout': '8s'})
    with LocalCluster(**CLUSTER) as cluster, Client(cluster), joblib.parallel_config('dask'):
        threading.Thread(target=kill_workers, daemon=True,
                         args=(cluster, folder, kills, random.Random(seed))).start()
        try: study(train_network, CONDITIONS, folder)
        except RuntimeError as e:  # a condition was hit several times, or no worker is left
            assert 'the same call goes on' in str(e), e
            sys.exit(LOST)


def kill_workers(cluster, folder, kills, moments):
    log = folder.with_suffix('.kills')
    for _ in range(kills):
        wait_for(lambda: cluster.scheduler.workers and any(folder.glob(f'*/{CHECKPOINT}')), 60)
        time.sleep(moments.uniform(.1, 1.5))
        process = moments.choice(list(cluster.workers.values())).pid
        if process is None: continue  # it is being started
        os.kill(process, signal.SIGKILL)
        with log.open('a') as f: f.write('x')


def start(work, folder, *args) -> subprocess.Popen:
    "`work` in a session of its own: its process is the group of all that it starts."
    command = [sys.executable, __file__, '--work', work.__name__, str(folder), *map(str, args)]
    return subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL)


def kill(process):
    "All processes of the study at once."
    with contextlib.suppress(ProcessLookupError): os.killpg(process.pid, signal.SIGKILL)


def wait_for(true, seconds):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, 'waited in vain'
        time.sleep(.02)


# --- what is looked at

class Rows:
    "The rows of a study: once a row is there it never changes."

    def __init__(self, folder): self.folder, self.seen = folder, {}

    def look(self) -> int:
        for number in range(len(CONDITIONS)):
            path = condition_folder(self.folder, number) / ROW
            if not path.exists(): continue
            stat = path.stat()
            now = stat.st_ino, stat.st_mtime_ns, path.read_bytes()
            assert self.seen.setdefault(number, now) == now, f'row {number} was written twice'
        return len(self.seen)

    def follow(self, process) -> int:
        "Look until the process has ended; its status."
        try: wait_for(lambda: self.look() is None or process.poll() is not None, 120)
        finally: kill(process)
        self.look()
        return process.returncode


def equal(a, b):
    if isinstance(a, dict): return a.keys() == b.keys() and all(equal(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)): return len(a) == len(b) and all(map(equal, a, b))
    return bool((a == b).all()) if hasattr(a, 'all') else a == b


def compare(folder, reference):
    "The table, all rows and all networks are those of the reference, and nothing else is left."
    assert (folder / TABLE).read_bytes() == (reference / TABLE).read_bytes(), 'another table'
    for number in range(len(CONDITIONS)):
        ours, its = condition_folder(folder, number), condition_folder(reference, number)
        a, b = (json.loads((where / ROW).read_bytes()) for where in (ours, its))
        for name in ('arguments', 'results', 'error'):
            assert a[name] == b[name], f'{name} of row {number} are others'
        for name in ('model.mat', 'model.pth'):
            assert equal(load_arrays(ours / name), load_arrays(its / name)), f'{name} is another'
        left = [n for p in ours.iterdir() if (n := p.name) not in FINISHED]
        # a kill between the row and the end leaves the checkpoint and the lock
        allowed = rf'{CHECKPOINT}|{re.escape(NOTE)}|\.({"|".join(map(re.escape, [*FINISHED, CHECKPOINT]))})\..*'
        assert all(re.fullmatch(allowed, name) for name in left), left


# --- checks

def killed_workers(moments, kills):
    done = runs = finished = 0
    while done < kills:
        folder = new_folder()
        rows, log, status = Rows(folder), folder.with_suffix('.kills'), None
        while status != 0:
            status = rows.follow(start(by_dask, folder, kills - done, moments.randrange(10**6)))
            assert status in (0, LOST), f'status {status}'
            runs += 1
            done += log.stat().st_size if log.exists() else 0
            log.unlink(missing_ok=True)
        compare(folder, REFERENCE)
        finished += 1
    return f'{done} workers killed in {runs} runs; {finished} studies equal the one undisturbed'


def killed_studies(moments, work, kills, longest):
    "Kill studies after random times from their first checkpoint, so often in all."
    done = finished = 0
    while done < kills:
        folder, status = new_folder(), None
        rows = Rows(folder)
        while status != 0:
            began, process = time.time(), start(work, folder)
            if done < kills:
                wait_for(lambda: process.poll() is not None or written(folder, began), 60)
                time.sleep(moments.uniform(0, longest))
                kill(process)
            status = rows.follow(process)
            assert status in (0, -signal.SIGKILL), f'status {status}'  # it may have ended before
            done += status != 0
        compare(folder, REFERENCE)
        finished += 1
    return f'{done} kills; {finished} studies equal the one undisturbed'


def written(folder, since):
    "Whether a checkpoint was written after that time."
    for path in folder.glob(f'*/{CHECKPOINT}'):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime > since: return True
    return False


def new_folder(): return Path(tempfile.mkdtemp(dir=ROOM)) / 'study'


if __name__ == '__main__':
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument('--kills', type=int, default=20, help='to survive')
    options.add_argument('--seed', type=int, default=0, help='of the moments')
    options.add_argument('--work', nargs='+', help=argparse.SUPPRESS)
    options = options.parse_args()
    if options.work:
        work, folder, *numbers = options.work
        globals()[work](Path(folder), *map(int, numbers))
        sys.exit()
    moments, report, ROOM = random.Random(options.seed), Report(), Path(tempfile.mkdtemp())
    half, REFERENCE = options.kills // 2, ROOM / 'reference'
    here(REFERENCE)
    try:
        report.run('workers of Dask', killed_workers, moments, half)
        for name, work, kills in (('one process', here, options.kills - half - 2 * (half // 5)),
                                  ('two processes of joblib', by_loky, half // 5),
                                  ('a Dask cluster', by_dask, half // 5)):
            report.run(f'whole studies: {name}', killed_studies, moments, work, kills, 1.)
    finally: shutil.rmtree(ROOM)
    sys.exit(report.end())
