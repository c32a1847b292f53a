__version__ = "0.1.0"

# each name at the top of the package, and the module that it comes from
_HOME = {
    'AbstractTask': 'tasks', 'GoNogoTask': 'tasks', 'XORTask': 'tasks', 'ManteTask': 'tasks',
    'TaskFactory': 'tasks',
    'FR_RNN_dale': 'model', 'evaluate': 'model', 'eval_rnn': 'model', 'load': 'model',
    'loss_op': 'model',
    'train': 'training', 'train_ensemble': 'training', 'save_run': 'training',
    'load_pretrained': 'pretrained', 'pretrained_card': 'pretrained',
    'lesion_sweep': 'sweeps', 'report': 'plotting',
    'lesion_explorer': 'widgets', 'trial_player': 'widgets',
    'set_gpu': 'spikernn', 'create_default_config': 'spikernn', 'restricted_float': 'spikernn',
    'str2bool': 'spikernn',
}

__all__ = list(_HOME)


def __getattr__(name):
    "The package's main names, each imported from its module at first use."
    if name not in _HOME: raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    from importlib import import_module
    return getattr(import_module(f'{__name__}.{_HOME[name]}'), name)


def __dir__(): return sorted([*globals(), *_HOME])
