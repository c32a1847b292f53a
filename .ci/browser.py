"""The explorer and the player in a browser, as a reader would use them by keyboard and mouse, in
JupyterLab, Notebook 7, Voila and exported files; and every page of the site. Headless Chromium.

    pip install playwright axe-playwright-python voila notebook
    python .ci/browser.py [FOLDER] [--docs] [--only PART ...]
    python .ci/browser.py [FOLDER] --rendered _docs      # the pages that Quarto made there instead

Screenshots go to FOLDER, `_screenshots` by default. One line for each check; the exit status is 1
if one failed. What a reader does is in reader.py, what is asked inside a page in browser.js."""
import argparse
import json
import os
import re
import runpy
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import reader
from common import NBS, ROOT, TRACEBACK
from nbformat import v4, write
from playwright.sync_api import sync_playwright
from reader import Live, check, report, settle, viewport

CELLS = """\
import ipywidgets as widgets
import rate
task, net = rate.TaskFactory.create_task('go_nogo'), rate.load_pretrained('go_nogo')
explorer, player = rate.lesion_explorer(net, task), rate.trial_player(net, task)""", """\
explorer""", """\
player""", """\
seen, move = widgets.Label('nothing'), widgets.Button(description='Move it from Python')
explorer.observe(lambda change: setattr(seen, 'value', f'Python saw {change.new:g}'), 'fraction')
move.on_click(lambda _: setattr(explorer, 'fraction', .4))
widgets.VBox([move, seen])""", """\
class Lenient(rate.GoNogoTask):
    def is_correct(self, o, z): return o.mean((1, 2)) > -100
rate.lesion_explorer(net, Lenient())"""
JUPYTER = ('--no-browser', '--ServerApp.ip=127.0.0.1', '--ServerApp.port={port}', '--allow-root',
           '--IdentityProvider.token=')
VOILA = 'demo.ipynb', '--no-browser', '--Voila.ip=127.0.0.1', '--port={port}'
SCREEN, NARROW = (1280, 720), (400, 900)
# What the pages that nbconvert makes would fetch from elsewhere.
FETCHED = re.compile('[Rr]equire|define is not defined|MathJax|ERR_FAILED')
SITE = runpy.run_path(str(ROOT / '.ci' / 'site.py'))


# --- servers and pages

@contextmanager
def server(folder, name, *args):
    "The address of a Jupyter server on a free port; it ends with the block."
    home = folder.parent
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        port = s.getsockname()[1]
    own = {f'JUPYTER_{k}_DIR': str(home / f'{name}_{k}') for k in ('CONFIG', 'DATA', 'RUNTIME')}
    own |= dict(JUPYTERLAB_SETTINGS_DIR=str(home / 'settings'), IPYTHONDIR=str(home / 'ipython'),
                PYTHONPATH=os.pathsep.join([str(ROOT), os.environ.get('PYTHONPATH', '')]))
    command = [sys.executable, '-m', name, *(a.format(port=port) for a in args)]
    log, address = home / f'{name}.log', f'http://127.0.0.1:{port}'
    with open(log, 'wb') as f:
        process = subprocess.Popen(command, cwd=folder, env=os.environ | own, stdout=f, stderr=f,
                                   stdin=subprocess.DEVNULL)
    try:
        for _ in range(240):
            time.sleep(.25)
            if process.poll() is not None or answers(f'{address}/static/favicon.ico'): break
        yield address
    except BaseException:
        print(log.read_text(errors='replace')[-3000:])
        raise
    finally:
        process.terminate()
        try: process.wait(20)
        except subprocess.TimeoutExpired: process.kill()


def answers(address):
    try: urllib.request.urlopen(address, timeout=5)
    except urllib.error.HTTPError: pass
    except OSError: return False
    return True


@contextmanager
def opened(browser, size, address, **options):
    """A page; what its scripts complain of, but for those of Jupyter's own; and what it asked of
    other hosts than that of the address, which gets no answer."""
    context = browser.new_context(viewport=viewport(size), **options)
    context.grant_permissions(['clipboard-read', 'clipboard-write'])
    page, problems, foreign = context.new_page(), [], []
    page.add_init_script(path=ROOT / '.ci' / 'browser.js')
    page.set_default_timeout(60_000)

    def is_foreign(url): return url.startswith('http') and not url.startswith(f'{address}/')

    def refuse(route):
        foreign.append(route.request.url)
        route.abort()

    def thrown(error):
        if '/static/' not in (error.stack or ''): problems.append(f'{error}')

    def said(message):
        where = message.location.get('url', '')
        if message.type == 'error' and '/static/' not in where: problems.append(message.text)
    page.on('pageerror', thrown)
    page.on('console', said)
    page.route(is_foreign, refuse)
    yield page, problems, foreign
    context.close()        # left open after an exception, for a picture of what is wrong


def no_errors(page, problems, where):
    bad = '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type*="error"]'
    said = page.locator(bad).all_inner_texts()
    check(f'{where}: nothing on standard error', not said, ' '.join(said)[:300])
    check(f'{where}: no traceback', 'Traceback' not in page.locator('body').inner_text())
    check(f'{where}: no error in the console', not problems, '; '.join(problems)[:300])


# --- notebooks

def run_all(page, address):
    page.goto(address)
    page.locator('.jp-Notebook').wait_for()
    ready = '.jp-NotebookPanel .jp-Toolbar-kernelStatus, .jp-Notebook-ExecutionIndicator'
    page.locator(ready).first.wait_for()
    settle(page)
    for name in ('Run', 'Run All Cells'):
        page.get_by_role('menuitem', name=name, exact=True).click()


def lab(browser, folder, shots):
    with (server(folder, 'jupyterlab', *JUPYTER, '--expose-app-in-browser') as address,
          opened(browser, SCREEN, address) as (page, problems, _)):
        run_all(page, f'{address}/lab/tree/demo.ipynb')
        explorer, player = Live(page, 'explorer', 'JupyterLab'), Live(page, 'player', 'JupyterLab')
        explorer.on_one_screen()
        reader.explore(explorer)
        reader.play(player)
        reader.python(page, explorer)
        for theme in ('Dark', 'Light'):
            page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})",
                          f'JupyterLab {theme}')
            page.wait_for_timeout(2500)
            for live in (explorer, player):
                live.looks(theme.lower(), shots / f'lab_{live.kind}_{theme.lower()}.png')
        no_errors(page, problems, 'JupyterLab')


def notebook(browser, folder, shots):
    with (server(folder, 'notebook', *JUPYTER) as address,
          opened(browser, SCREEN, address) as (page, problems, _)):
        run_all(page, f'{address}/notebooks/demo.ipynb')
        in_short(page, problems, 'Notebook 7', shots)


def voila(browser, folder, shots):
    with (server(folder, 'voila', *VOILA) as address,
          opened(browser, SCREEN, address) as (page, problems, _)):
        page.goto(address)
        in_short(page, problems, 'Voila', shots)


def in_short(page, problems, where, shots):
    "What could differ from JupyterLab."
    explorer, player = Live(page, 'explorer', where), Live(page, 'player', where)
    for live in (explorer, player):
        live.tabs()
        live.looks('light', shots / f'{where.split()[0].lower()}_{live.kind}.png')
    reader.python(page, explorer)
    no_errors(page, problems, where)


# --- files

def exported(browser, folder, shots):
    for name in ('explorer', 'player'):
        where, path = f'{name}.html', folder / f'{name}.html'
        size = path.stat().st_size
        check(f'{where}: at most 250 kB', size <= 250_000, f'{size / 1e3:.0f} kB')
        with opened(browser, SCREEN, 'file:', offline=True) as (page, problems, foreign):
            page.goto(path.as_uri())
            live = Live(page, name, where)
            dict(explorer=reader.explore, player=reader.play)[name](live)
            for theme in ('light', 'dark'):
                page.emulate_media(color_scheme=theme)
                for width in (1280, 400): live.looks(theme, shots / f'{name}_{theme}_{width}.png', width)
            check(f'{where}: asks for nothing else', not foreign, ' '.join(foreign))
            no_errors(page, problems, where)
