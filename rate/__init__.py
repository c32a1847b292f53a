__version__ = "0.1.0"

_HOME = {'AbstractTask': 'tasks', 'TaskFactory': 'tasks', 'FR_RNN_dale': 'model', 'evaluate': 'model',
         'eval_rnn': 'model', 'loss_op': 'model', 'train': 'training', 'train_ensemble': 'training',
         'load': 'model', 'save_run': 'training', 'load_pretrained': 'pretrained', 'pretrained_card': 'pretrained',
         'lesion_sweep': 'lesions', 'report': 'plotting', 'lesion_explorer': 'widgets',
         'trial_player': 'widgets'}

__all__ = list(_HOME)


def __getattr__(name):
    "The package's main names, each imported from its module at first use."
    if name not in _HOME: raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    from importlib import import_module
    return getattr(import_module(f'{__name__}.{_HOME[name]}'), name)


def __dir__(): return sorted([*globals(), *_HOME])
