"""What kills.py and studies.py share: work in processes of its own, which is stopped, goes on, and
is compared with work that nothing stopped; and the run of a script's checks."""
import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

import numpy as np
import torch
from common import Report

ROOM = Path(tempfile.gettempdir(), f'rate-{os.getpid()}')  # where all work is done
NOBODY = 65534


def new_folder(): return Path(tempfile.mkdtemp(dir=ROOM))


def wait_for(true, seconds=20, what='a process', pause=.1):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f'waited {seconds} s for {what}'
        time.sleep(pause)


def fork(work, *args, **k):
    "Start `work` in a process of its own, which ends with what it returns, 1 after an exception."
    sys.stdout.flush()
    process = os.fork()
    if process: return process
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)      # ignored in a background job
        torch.set_num_threads(1)  # PyTorch's other threads were not forked
        status = work(*args, **k) or 0
    except SystemExit as e: status = e.code
    except KeyboardInterrupt: status = 130      # before or after the work proper
    except BaseException: traceback.print_exc()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdout.flush()
        os._exit(status)


def ended(process): return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def call(work, *args, **k):
    status = ended(fork(work, *args, **k))
    assert status == 0, f'{work.__name__} ended with status {status}'


def as_nobody(work, *args):
    "Where root calls, who may do everything, another user does the work."
    if os.geteuid() == 0: os.setuid(NOBODY)
    return work(*args)


def stop_often(times, begin, attempt, compare):
    """Work that is stopped so many times in all and goes on after each, in as many pieces as that
    takes: `attempt(piece, left)` is one go at a piece while that many stops are left; it returns
    the stops, and whether the piece is done. The numbers of stops and of pieces."""
    done = finished = 0
    while done < times:
        piece, over = begin(), False
        while not over:
            stops, over = attempt(piece, times - done)
            done += stops
        compare(piece)
        finished += 1
    return done, finished


def same(a, b):
    "Whether what two files hold is equal in everything but the time it took."
    if isinstance(a, dict):
        timed = {'seconds', 'wall_time'}
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a.keys() - timed)
    if isinstance(a, (list, tuple)): return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, torch.Tensor): return a.dtype == b.dtype and torch.equal(a, b)
    if isinstance(a, np.ndarray): return a.dtype == b.dtype and np.array_equal(a, b)
    return type(a) is type(b) and a == b


def main(doc, kills, checks, prepare):
    "Run the checks that `checks(moments, kills)` lists: name, function and arguments of each."
    options = argparse.ArgumentParser(description=doc.splitlines()[0])
    options.add_argument('--kills', type=int, default=kills, help='to survive')
    options.add_argument('--seed', type=int, default=0, help='of the moments')
    options.add_argument('--only', nargs='+', help='checks, by their names')
    options, report = options.parse_args(), Report()
    ROOM.mkdir(mode=0o700)
    try:
        prepare()
        for name, *check in checks(random.Random(options.seed), options.kills):
            if not options.only or name in options.only: report.run(name, *check)
    finally: shutil.rmtree(ROOM)
    return report.end()
