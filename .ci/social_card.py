"""Draw nbs/social-card.png, the picture that shows up where somebody shares a link to the site."""
from io import BytesIO
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use('Agg')
import matplotlib.pyplot as plt
from matplotlib.colors import LinearSegmentedColormap
from PIL import Image

from rate.model import FR_RNN_dale, eval_rnn
from rate.plotting import COLORS
from rate.tasks import TaskFactory

NBS = Path(__file__).resolve().parent.parent / 'nbs'


def card() -> plt.Figure:
    task = TaskFactory.create_task('go_nogo')
    net = FR_RNN_dale.load(NBS / 'files' / 'go_nogo_N200.mat')
    _, r, _ = eval_rnn(net, task.settings, task.simulate_trial('go', seed=0)[0], seed=0)
    rates, inh = np.hstack(r), net.inh[:, 0]

    fig = plt.figure(figsize=(12, 6.3), dpi=100, facecolor='white')
    fig.text(.055, .80, 'rate', fontsize=88, weight='bold', color='#24292F', va='center')
    fig.text(.058, .635, 'Firing-rate recurrent networks\nunder Dale\'s principle', fontsize=25, color='#24292F', va='center', linespacing=1.35)
    fig.text(.058, .50, 'train    lesion    play back', fontsize=19, color='#57606A', va='center')

    traces = fig.add_axes((.058, .09, .44, .32))
    for name, units in (('I', inh), ('E', ~inh)):
        lively = np.flatnonzero(units)[np.argsort(-np.ptp(rates[units], axis=1))][:14]
        traces.plot(5 * np.arange(rates.shape[1]), rates[lively].T, color=COLORS[name], lw=1.4, alpha=.75)
    traces.axvspan(250, 375, color='.92', zorder=0)
    traces.text(312, 1.06, 'go cue', ha='center', fontsize=13, color='#57606A')
    traces.set(xlim=(0, 995), ylim=(-.02, 1.02))
    traces.axis('off')

    order = np.argsort(inh, kind='stable')
    w = net.w_eff.detach().numpy()[np.ix_(order, order)]
    limit = np.percentile(np.abs(w[w != 0]), 90)
    signs = LinearSegmentedColormap.from_list('signs', [COLORS['I'], 'white', COLORS['E']])
    weights = fig.add_axes((.555, .09, .39 , .39 * 12 / 6.3))
    weights.imshow(w, cmap=signs, vmin=-limit, vmax=limit, interpolation='nearest')
    weights.set(xticks=[], yticks=[])
    for spine in weights.spines.values(): spine.set_color('#D0D7DE')
    for name, x in (('E', (~inh).sum() / 2), ('I', (~inh).sum() + inh.sum() / 2)):
        weights.text(x, -6, {'E': 'excitatory', 'I': 'inhibitory'}[name], ha='center', fontsize=15, color=COLORS[name], weight='bold')
    return fig


if __name__ == '__main__':
    buffer = BytesIO()
    card().savefig(buffer, format='png')
    Image.open(buffer).convert('RGB').quantize(128).save(NBS / 'social-card.png', optimize=True)
