"""Slurm on this machine for a while, on loopback alone, and the scripts of nbs/21_studies.ipynb on it."""
import contextlib
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from common import NBS, read
from processes import wait_for

PROGRAMS = 'munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'sinfo', 'scancel'
# the node says that it has more than there is, so that several tasks may start at once
CONF = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,bf_interval=1
ReturnToService=2
NodeName={host} NodeAddr=127.0.0.1 CPUs=8 RealMemory=65536 State=UNKNOWN
PartitionName=cpu Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
PATH = f'{os.environ["PATH"]}:/usr/sbin:/sbin'


def absent() -> str:
    "Why Slurm cannot be started here, '' if it can."
    for name in PROGRAMS:
        if not shutil.which(name, path=PATH): return f'there is no {name}'
    return '' if os.geteuid() == 0 else 'only root can start it'


def free_ports(n):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(n)]
        for each in sockets: each.bind(('127.0.0.1', 0))
        return [each.getsockname()[1] for each in sockets]


class Slurm:
    "One node. Ends, by their process ids, all that it started."

    def __init__(self, folder: Path): self.folder, self.daemons = folder, []

    def __enter__(self):
        folder, host = self.folder, platform.node().partition('.')[0]
        for name in ('state', 'spool'): (folder / name).mkdir(parents=True)
        conf = CONF.format(host=host, ports=free_ports(2), folder=folder)
        (folder / 'slurm.conf').write_text(conf)
        (folder / 'munge.key').touch(0o600)
        (folder / 'munge.key').write_bytes(os.urandom(128))
        self.env = {**os.environ, 'SLURM_CONF': str(folder / 'slurm.conf'), 'PATH': PATH}
        try:
            self.start('munged', '--foreground', '--force', f'--key-file={folder}/munge.key',
                       *(f'--{name}={folder}/munge.{ending}' for name, ending in (
                           ('socket', 'socket'), ('pid-file', 'pid'), ('seed-file', 'seed'))))
            wait_for((folder / 'munge.socket').exists, 20, 'munged')
            self.start('slurmctld', '-D')
            self.start('slurmd', '-D', '-N', host)
            wait_for(lambda: 'idle' in self.said('sinfo', '-h', '-o', '%T'), 60, 'a node')
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        with contextlib.suppress(AssertionError, subprocess.SubprocessError):
            self.said('scancel', '--user=root')
            self.wait(60)
        for process in reversed(self.daemons):
            process.terminate()
            try: process.wait(20)
            except subprocess.TimeoutExpired: process.kill()

    def start(self, *command):
        with (self.folder / f'{command[0]}.log').open('wb') as log:
            self.daemons.append(subprocess.Popen(
                command, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def said(self, *command, cwd=None, seconds=60) -> str:
        "What a command that must succeed printed."
        done = subprocess.run(command, env=self.env, cwd=cwd, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=seconds)
        assert done.returncode == 0, f'{command}: {done.stdout[-1000:]}{done.stderr[-2000:]}'
        return done.stdout

    def wait(self, seconds):
        wait_for(lambda: not self.said('squeue', '-h'), seconds, 'the jobs to end')


# --- what the page says, word by word

def blocks() -> dict[str, str]:
    "The job array and the recipe with Dask of the page."
    cells = read(NBS / '21_studies.ipynb').cells
    text = '\n'.join(cell.source for cell in cells if cell.cell_type == 'markdown')
    array, = re.findall(r'```sh\n(#!/bin/bash\n.*?)```', text, re.S)
    recipe, = re.findall(r'```python\n(# study.py\n.*?)```', text, re.S)
    assert recipe.count("'ib0'") == 1
    # the network card is one that every machine has
    return {'gains.sh': array, 'study.py': recipe.replace("'ib0'", "'lo'")}


def project(folder: Path, toml: str) -> Path:
    "A user's folder with a study, the page's scripts and the environment `venv`."
    folder.mkdir()
    for name, text in {**blocks(), 'gains.toml': toml}.items(): (folder / name).write_text(text)
    (folder / 'venv').symlink_to(sys.prefix)
    return folder


def rows(folder: Path) -> int:
    "How many rows there are, without an error and as many in the table and in the report."
    found = [json.loads(path.read_bytes()) for path in folder.glob('gains/*/row.json')]
    assert not any(row['error'] for row in found), found
    lines = (folder / 'gains' / 'table.csv').read_text().splitlines()
    assert len(lines) == len(found) + 1, f'{len(lines) - 1} of {len(found)} rows in the table'
    return len(found)
