__version__ = "0.1.0"

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what editors and type checkers see
    from .analysis import principal_components as principal_components
    from .analysis import selectivity as selectivity
    from .dynamics import Circuit as Circuit, Trajectory as Trajectory
    from .dynamics import integrate as integrate, stack as stack
    from .engine import one_thread as one_thread
    from .interventions import intervene as intervene, lesion as lesion, silence as silence
    from .interventions import stimulate as stimulate, strengthen as strengthen
    from .model import FR_RNN_dale as FR_RNN_dale, eval_rnn as eval_rnn, evaluate as evaluate
    from .model import load as load, loss_op as loss_op
    from .plotting import report as report, save_figure as save_figure
    from .pretrained import load_pretrained as load_pretrained
    from .pretrained import pretrained_card as pretrained_card
    from .spikernn import create_default_config as create_default_config
    from .spikernn import restricted_float as restricted_float, set_gpu as set_gpu
    from .spikernn import str2bool as str2bool
    from .studies import grid as grid, study as study, study_table as study_table
    from .studies import train_network as train_network
    from .sweeps import lesion_sweep as lesion_sweep, recovery as recovery
    from .sweeps import window_sweep as window_sweep
    from .tasks import AbstractTask as AbstractTask, Evaluation as Evaluation
    from .tasks import DelayedMatchTask as DelayedMatchTask, FlipFlopTask as FlipFlopTask
    from .tasks import GoNogoTask as GoNogoTask, ManteTask as ManteTask
    from .tasks import OddballTask as OddballTask
    from .tasks import ParametricMemoryTask as ParametricMemoryTask
    from .tasks import PerceptualDecisionTask as PerceptualDecisionTask
    from .tasks import RingMemoryTask as RingMemoryTask
    from .tasks import TaskFactory as TaskFactory, Trials as Trials, XORTask as XORTask
    from .tasks import score as score
    from .training import Callback as Callback, diagnose as diagnose
    from .training import save_run as save_run, train as train
    from .training import train_ensemble as train_ensemble
    from .widgets import lesion_explorer as lesion_explorer, network_trainer as network_trainer
    from .widgets import trial_player as trial_player

# what Python sees: each name is imported from its module at first use
_NAMES = {
    'tasks': ('AbstractTask', 'GoNogoTask', 'XORTask', 'ManteTask', 'DelayedMatchTask',
              'ParametricMemoryTask', 'RingMemoryTask', 'PerceptualDecisionTask', 'FlipFlopTask',
              'OddballTask', 'TaskFactory', 'Trials', 'Evaluation', 'score'),
    'dynamics': ('Circuit', 'Trajectory', 'integrate', 'stack'),
    'engine': ('one_thread',),
    'interventions': ('lesion', 'silence', 'strengthen', 'stimulate', 'intervene'),
    'model': ('FR_RNN_dale', 'evaluate', 'eval_rnn', 'load', 'loss_op'),
    'training': ('train', 'train_ensemble', 'save_run', 'Callback', 'diagnose'),
    'pretrained': ('load_pretrained', 'pretrained_card'),
    'spikernn': ('set_gpu', 'create_default_config', 'restricted_float', 'str2bool'),
    'studies': ('study', 'study_table', 'grid', 'train_network'),
    'sweeps': ('lesion_sweep', 'window_sweep', 'recovery'),
    'analysis': ('principal_components', 'selectivity'),
    'plotting': ('report', 'save_figure'),
    'widgets': ('lesion_explorer', 'trial_player', 'network_trainer'),
}
_HOME = {name: module for module, names in _NAMES.items() for name in names}
__all__ = list(_HOME)


def __getattr__(name):
    if name not in _HOME: raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    from importlib import import_module
    return getattr(import_module(f'{__name__}.{_HOME[name]}'), name)


def __dir__(): return sorted([*globals(), *_HOME])
