"""Kill workers of studies and whole studies at random moments, go on, and compare with a study that
nothing stopped, bit for bit; end studies by signals, begin two hundred at once, and run the scripts
for Slurm as the page has them, where Slurm can be started.

    python .ci/studies.py [--kills 14] [--seed 0] [--only NAME ...]

Half of the kills hit a worker of Dask, the others all processes of a study at once. Needs a POSIX
system."""
import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import dask
import joblib
import slurm
from common import sh
from dask.distributed import Client, LocalCluster
from processes import ROOM, as_nobody, call, ended, fork, main, new_folder, same, stop_often, wait_for

from rate.files import load_arrays
from rate.studies import (CHECKPOINT, NOTE, ROW, STOPPED, TABLE, condition_folder, grid, study,
                          study_table, train_network)

CONDITIONS = grid(task='go-nogo', N=20, gain=[1.2, 1.5], seed=range(4), max_trials=200,
                  eval_every=50, eval_n_trials=20, max_loss=0, checkpoint_every=25)
CLUSTER = dict(n_workers=2, threads_per_worker=1, processes=True, host='127.0.0.1',
               dashboard_address='127.0.0.1:0', silence_logs='CRITICAL')
FINISHED = ['model.mat', 'model.pth', ROW]
LOST = 3  # status of a study whose workers were lost
REFERENCE = ROOM / 'reference'


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
        wait_for(lambda: cluster.scheduler.workers and any(folder.glob(f'*/{CHECKPOINT}')), 60,
                 'a worker in training')
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
        try: wait_for(lambda: self.look() is None or process.poll() is not None, 120, 'a study')
        finally: kill(process)
        self.look()
        return process.returncode


def compare(rows):
    "The table, all rows and all networks are those of the reference, and nothing else is left."
    folder = rows.folder
    assert (folder / TABLE).read_bytes() == (REFERENCE / TABLE).read_bytes(), 'another table'
    for number in range(len(CONDITIONS)):
        ours, its = condition_folder(folder, number), condition_folder(REFERENCE, number)
        a, b = (json.loads((where / ROW).read_bytes()) for where in (ours, its))
        for name in ('arguments', 'results', 'error'):
            assert a[name] == b[name], f'{name} of row {number} are others'
        for name in ('model.mat', 'model.pth'):
            assert same(load_arrays(ours / name), load_arrays(its / name)), f'{name} is another'
        left = [n for p in ours.iterdir() if (n := p.name) not in FINISHED]
        # a kill between the row and the end leaves the checkpoint and the lock
        allowed = rf'{CHECKPOINT}|{re.escape(NOTE)}|\.({"|".join(map(re.escape, [*FINISHED, CHECKPOINT]))})\..*'
        assert all(re.fullmatch(allowed, name) for name in left), left


# --- checks

def new_rows(): return Rows(new_folder() / 'study')


def killed_workers(moments, kills):
    runs = []

    def attempt(rows, left):
        log = rows.folder.with_suffix('.kills')
        status = rows.follow(start(by_dask, rows.folder, left, moments.randrange(10**6)))
        assert status in (0, LOST), f'status {status}'
        runs.append(status)
        stops = log.stat().st_size if log.exists() else 0
        log.unlink(missing_ok=True)
        return stops, status == 0

    done, finished = stop_often(kills, new_rows, attempt, compare)
    return f'{done} workers killed in {len(runs)} runs; {finished} studies equal the one undisturbed'


def killed_studies(moments, work, kills, longest):
    "Kill studies after random times from their first checkpoint, so often in all."
    def attempt(rows, left):
        began, process = time.time(), start(work, rows.folder)
        if left:
            wait_for(lambda: process.poll() is not None or written(rows.folder, began), 60,
                     'a checkpoint')
            time.sleep(moments.uniform(0, longest))
            kill(process)
        status = rows.follow(process)
        assert status in (0, -signal.SIGKILL), f'status {status}'  # it may have ended before
        return status != 0, status == 0

    done, finished = stop_often(kills, new_rows, attempt, compare)
    return f'{done} kills; {finished} studies equal the one undisturbed'


def written(folder, since):
    "Whether a checkpoint was written after that time."
    for path in folder.glob(f'*/{CHECKPOINT}'):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime > since: return True
    return False


LONG = 'task = "go-nogo"\nN = 40\nmax_trials = 1000000\nmax_loss = 0.0\neval_every = 1000000\n'
LONG += 'checkpoint_every = 1000\nnetworks = 2\n'
SMALL = 'task = "go-nogo"\nN = 10\nmax_trials = 20\neval_n_trials = 10\nnetworks = 5\n'
SMALL += '[grid]\ngain = [1.2, 1.5]\ntaus = [[4, 20], [10]]\n'


def in_training(folder, n):
    "Wait until so many trainings are well under way."
    def begun(): return [load_arrays(path)['trials'] > 0 for path in folder.glob(f'*/{CHECKPOINT}')]
    wait_for(lambda: sum(begun()) == n, 120, 'trainings')


def written_since(folder, moment) -> bool:
    "Whether all checkpoints are those of a signal."
    paths = [*folder.glob(f'*/{CHECKPOINT}')]
    return bool(paths) and all(path.stat().st_mtime > moment for path in paths)


def signalled(name, jobs):
    "Status of a study that gets a signal, and whether checkpoints came; no process of it is left."
    folder = new_folder() / 'study'
    file = folder.with_suffix('.toml')
    file.write_text(LONG)
    process = subprocess.Popen([sys.executable, '-m', 'rate.study_cli', file, '--jobs', str(jobs)],
                               start_new_session=True, stdin=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    try:
        in_training(folder, jobs)
        moment = time.time()
        process.send_signal(signal.Signals[name])
        said = process.communicate(timeout=60)[1]
        wait_for(lambda: not alive(process.pid), 40, 'its workers to end')
    finally: kill(process)
    if name != 'SIGKILL': assert 'interrupted: 0 of 2' in said and (folder / TABLE).exists(), said
    return process.returncode, written_since(folder, moment)


def alive(session) -> bool:
    "Whether a process of that session is left, but for what no one has waited for."
    return any(line.split()[0] == str(session) and line.split()[1][0] != 'Z'
               for line in sh('ps', '-eo', 'sid,stat').splitlines())


def ended_by_signals():
    for name, jobs in (('SIGTERM', 1), ('SIGTERM', 2), ('SIGUSR1', 2)):
        status, written = signalled(name, jobs)
        assert status == STOPPED and written, (name, jobs, status, written)
    status, _ = signalled('SIGKILL', 2)
    assert status == -signal.SIGKILL
    return 'checkpoints written, workers of a killed caller ended'


def one(seed): return {'score': seed}


def begun_at_once(n=200):
    "A part each; all end well, and the table has all."
    folder = new_folder() / 'study'
    processes = [fork(lambda: study(one, grid(seed=range(n)), folder, part=(part, n)) is None)
                 for part in range(1, n + 1)]
    failed = [p for p in processes if ended(p)]
    assert not failed, f'{len(failed)} of {n} failed'
    lines = (folder / TABLE).read_text().splitlines()
    assert len(lines) == n + 1, f'{len(lines) - 1} of {n} rows in the table'
    return f'{n} parts'


def read_by_another():
    "A complete study of somebody else."
    folder = new_folder() / 'study'
    study(one, grid(seed=range(3)), folder)

    def look():
        with warnings.catch_warnings():
            warnings.simplefilter('error')
            tables = study(one, grid(seed=range(3)), folder), study_table(folder)
            return int(any(len(table) != 3 for table in tables))
    if os.geteuid() == 0:
        for path in (ROOM, folder.parent, folder): path.chmod(0o755)
    else: folder.chmod(0o555)
    call(as_nobody, look)
    folder.chmod(0o755)


def slow(seed, folder):
    "Twelve seconds of work, which goes on where it was."
    at = folder / 'at'
    while (done := int(at.read_text() or 0) if at.exists() else 0) < 60:
        time.sleep(.2)
        at.write_text(str(done + 1))
    return {'done': done}


def short_lives(folder):
    with (LocalCluster(**CLUSTER, lifetime='6s', lifetime_restart=True) as cluster,
          Client(cluster), joblib.parallel_config('dask')):
        assert len(study(slow, grid(seed=[0]), folder)) == 1, 'no row'


def outlived():
    "A condition that lasts longer than the workers of Dask."
    folder = new_folder() / 'study'
    process = start(short_lives, folder)
    try: assert process.wait(150) == 0
    finally: kill(process)


def on_slurm():
    if reason := slurm.absent(): return f'left out: {reason}'
    with slurm.Slurm(ROOM / 'slurm') as cluster:
        folder = slurm.project(ROOM / 'array', SMALL)
        cluster.said('sbatch', 'gains.sh', cwd=folder)
        cluster.wait(300)
        assert slurm.rows(folder) == 20
        assert '20 of 20 conditions' in (folder / 'gains' / 'report.html').read_text()
        folder = slurm.project(ROOM / 'stopped', LONG)
        cluster.said('sbatch', '--array=1', 'gains.sh', cwd=folder)
        in_training(folder / 'gains', 2)
        moment = time.time()
        cluster.said('scancel', '--name=gains.sh')
        cluster.wait(60)
        assert written_since(folder / 'gains', moment), 'no checkpoint was written at scancel'
        folder = slurm.project(ROOM / 'dask', SMALL)
        cluster.said(sys.executable, 'study.py', cwd=folder, seconds=300)
        assert slurm.rows(folder) == 20
    return 'a job array, scancel, and SLURMCluster'


def checks(moments, kills):
    half = kills // 2
    whole = (('one process', here, kills - half - 2 * (half // 5)),
             ('two processes of joblib', by_loky, half // 5), ('a Dask cluster', by_dask, half // 5))
    return (('two hundred at once', begun_at_once), ('a study of another user', read_by_another),
            ('signals', ended_by_signals), ('workers that live for six seconds', outlived),
            ('Slurm', on_slurm), ('workers of Dask', killed_workers, moments, half),
            *((f'whole studies: {name}', killed_studies, moments, work, times, 1.)
              for name, work, times in whole))


if __name__ == '__main__':
    if sys.argv[1:2] == ['--work']:
        work, folder, *numbers = sys.argv[2:]
        globals()[work](Path(folder), *map(int, numbers))
        sys.exit()
    sys.exit(main(__doc__, 14, checks, lambda: here(REFERENCE)))
