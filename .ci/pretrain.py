"""Make the networks that come with the package again, each by the command on its card: python .ci/pretrain.py [NAME ...]"""
import json
import shlex
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import torch

from rate.model import FR_RNN_dale, evaluate
from rate.pretrained import PRETRAINED
from rate.tasks import TaskFactory

FOLDER = Path(__file__).resolve().parent.parent / 'rate' / 'networks'
FOLDER.mkdir(exist_ok=True)

for name in sys.argv[1:] or PRETRAINED:
    command = f'rate_train {name} --eval_trials 1000 --seed 0'
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*shlex.split(command), '--output_dir', folder], check=True)
        run, = Path(folder).iterdir()
        net = FR_RNN_dale.load(run / 'model.pth')
        held = torch.load(run / 'model.pth', weights_only=True)
    task, training = TaskFactory.create_task(name), held['training']
    score = evaluate(net, task, 1000, seed=1000)
    net.save(FOLDER / f'{name}.mat')
    card = {'task': name, 'units': net.N, 'excitatory': net.NE, 'inhibitory': net.NI, 'connections': int(net.connections().sum()),
            'taus (steps of 5 ms)': net.taus, 'activation': net.activation, 'seed': 0, 'learning rate': training['lr'],
            'trials per update': training['batch_size'], 'trials': len(held['losses']) * training['batch_size'],
            'accuracy': round(score.accuracy, 4), 'loss': round(score.loss, 3), 'measured on': '1000 fresh trials, seed 1000',
            'versions': {p: version(p) for p in ('rate', 'torch', 'numpy')}, 'command': command}
    (FOLDER / f'{name}.json').write_text(json.dumps(card, indent=2) + '\n', encoding='utf-8')
    print(json.dumps(card, indent=2))
