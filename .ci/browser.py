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
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

import reader
from common import NBS, ROOT, TRACEBACK, chromium, served
from nbformat import v4, write
from PIL import Image
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
    def is_correct(self, o, z): return o.max(-1) > .5
rate.lesion_explorer(net, Lenient())"""
FILES = """\
import rate
task, net = rate.TaskFactory.create_task('go_nogo'), rate.load_pretrained('go_nogo')
class Lenient(rate.GoNogoTask):
    def is_correct(self, o, z): return o.max(-1) > .5
rate.lesion_explorer(net, task).save_html('explorer.html')
rate.lesion_explorer(net, task, 100).save_html('hundred.html')
rate.lesion_explorer(net, Lenient()).save_html('own.html')
rate.trial_player(net, task, 'go').save_html('player.html')
rate.network_trainer().save_html('trainer.html')"""
JUPYTER = ('--no-browser', '--ServerApp.ip=127.0.0.1', '--ServerApp.port={port}', '--allow-root',
           '--IdentityProvider.token=')
VOILA = 'demo.ipynb', '--no-browser', '--Voila.ip=127.0.0.1', '--port={port}'
SCREEN = 1280, 720
# What the pages that nbconvert makes would fetch from elsewhere.
FETCHED = re.compile('[Rr]equire|define is not defined|MathJax|ERR_FAILED')
USES = dict(explorer=reader.explore, player=reader.play, trainer=reader.train)
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
def opened(browser, size, address, jupyter=False, **options):
    """A page; what its scripts complain of, of Jupyter's those of widgets alone; and what it asked
    of other hosts than that of the address, which gets no answer."""
    context = browser.new_context(viewport=viewport(size), **options)
    context.grant_permissions(['clipboard-read', 'clipboard-write'])
    page, problems, foreign = context.new_page(), [], []
    page.add_init_script(path=ROOT / '.ci' / 'browser.js')
    page.set_default_timeout(60_000)

    def is_foreign(url): return url.startswith('http') and not url.startswith(f'{address}/')

    def refuse(route):
        foreign.append(route.request.url)
        route.abort()

    def ours(where): return not jupyter or 'blob:' in where

    def thrown(error):
        if ours(error.stack or ''): problems.append(f'{error}')

    def said(message):
        if message.type == 'error' and ours(message.location.get('url', '')):
            problems.append(message.text)
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
    page.locator('.jp-Notebook-ExecutionIndicator[data-status=idle]').first.wait_for()
    settle(page)
    for name in ('Run', 'Run All Cells'):
        page.get_by_role('menuitem', name=name, exact=True).click()


def lab(browser, folder, shots):
    with (server(folder, 'jupyterlab', *JUPYTER, '--expose-app-in-browser') as address,
          opened(browser, SCREEN, address, jupyter=True) as (page, problems, _)):
        run_all(page, f'{address}/lab/tree/demo.ipynb')
        explorer = Live(page, 'explorer', 'JupyterLab, explorer')
        player = Live(page, 'player', 'JupyterLab, player')
        explorer.on_one_screen()
        reader.explore(explorer)
        reader.play(player)
        reader.python(page, explorer)
        reader.kernel(Live(page, 'explorer', 'JupyterLab, own rule', 1))
        for theme in ('Dark', 'Light'):
            page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})",
                          f'JupyterLab {theme}')
            page.wait_for_timeout(2500)
            for live in (explorer, player):
                live.looks(theme.lower(), shots / f'lab_{live.kind}_{theme.lower()}.png')
        no_errors(page, problems, 'JupyterLab')


def first_minute(browser, folder, shots):
    """Who opens index.ipynb in JupyterLab and runs it has lesioned a network within 20 s, without
    scrolling, and without markup on the way."""
    place = folder / 'start'
    place.mkdir()
    shutil.copy2(NBS / 'index.ipynb', place)
    with (server(place, 'jupyterlab', *JUPYTER, '--expose-app-in-browser') as address,
          opened(browser, SCREEN, address, jupyter=True) as (page, *_)):
        run_all(page, f'{address}/lab/tree/index.ipynb')
        began = time.monotonic()
        live = Live(page, 'explorer', 'index.ipynb in JupyterLab')
        live.type('fraction', '40')
        live.box.locator('.accuracy', has_text='%').wait_for()
        said, took = live.scored(), time.monotonic() - began
        page.screenshot(path=shots / 'first_minute.png')
        live.check('lesioned within 20 s', took < 20, f'{took:.0f} s: {said}')
        top, bottom = live.box.evaluate('box => checks.shown(box)')
        places = [live.at('spinbutton', 'fraction').bounding_box(),
                  live.box.locator('.accuracy').bounding_box()]
        inside = all(top <= at['y'] and at['y'] + at['height'] <= bottom for at in places)
        live.check('seen without scrolling', inside, f'{places} in {top}, {bottom}')
        text = page.locator('.jp-Notebook').inner_text()
        live.check('no markup', not SITE['QUARTO'].search(text), text[:500])


def notebook(browser, folder, shots):
    with (server(folder, 'notebook', *JUPYTER) as address,
          opened(browser, SCREEN, address, jupyter=True) as (page, problems, _)):
        run_all(page, f'{address}/notebooks/demo.ipynb')
        in_short(page, problems, 'Notebook 7', shots)


def voila(browser, folder, shots):
    with (server(folder, 'voila', *VOILA) as address,
          opened(browser, SCREEN, address, jupyter=True) as (page, problems, _)):
        page.goto(address)
        in_short(page, problems, 'Voila', shots)


def in_short(page, problems, where, shots):
    "What could differ from JupyterLab."
    explorer = Live(page, 'explorer', f'{where}, explorer')
    player = Live(page, 'player', f'{where}, player')
    for live in (explorer, player):
        live.tabs()
        live.looks('light', shots / f'{where.split()[0].lower()}_{live.kind}.png')
    reader.python(page, explorer)
    no_errors(page, problems, where)


# --- files

def exported(browser, folder, shots):
    for name, use in USES.items():
        where, path = f'{name}.html', folder / f'{name}.html'
        size = path.stat().st_size
        check(f'{where}: at most 250 kB', size <= 250_000, f'{size / 1e3:.0f} kB')
        with opened(browser, SCREEN, 'file:', offline=True) as (page, problems, foreign):
            page.goto(path.as_uri())
            live = Live(page, name, where)
            use(live)
            if name == 'explorer': reader.address(live, path.as_uri())
            for theme in ('light', 'dark'):
                page.emulate_media(color_scheme=theme)
                for width in (1280, 400):
                    live.looks(theme, shots / f'{name}_{theme}_{width}.png', width)
            check(f'{where}: asks for nothing else', not foreign, ' '.join(foreign))
            no_errors(page, problems, where)


def figures(browser, folder, shots):
    "How fast it is: medians, for 100 trials of a network of 200 units."
    with opened(browser, SCREEN, 'file:', offline=True) as (page, *_):
        page.goto((folder / 'hundred.html').as_uri())
        reader.figures(Live(page, 'explorer', 'explorer of 100 trials'))


def own_rule(browser, folder, shots):
    "A task whose own rule only Python has: a file says so."
    with opened(browser, SCREEN, 'file:', offline=True) as (page, problems, _):
        page.goto((folder / 'own.html').as_uri())
        live = Live(page, 'explorer', 'own.html')
        reader.no_kernel(live)
        no_errors(page, problems, 'own.html')


# --- pictures of the documentation

def pictures(browser, folder, shots):
    "The explorer and the player of the gallery, lesioned, in both themes and widths."
    for kind, name in (('explorer', 'lesion_explorer'), ('player', 'trial_player')):
        with opened(browser, SCREEN, 'file:', offline=True) as (page, *_):
            page.goto((folder / f'{kind}.html').as_uri())
            live = Live(page, kind, kind)
            live.at('combobox', 'lesion').select_option('I-I')
            live.type('fraction', '40')
            reader.fill(live)
            for theme in ('light', 'dark'):
                page.emulate_media(color_scheme=theme)
                for width in (1280, 400):
                    page.set_viewport_size(viewport((width, 800)))
                    live.becomes(theme)
                    shoot(live.box, NBS / 'screenshots' / f'{name}_{theme}_{width}.png')


def shoot(box, path):
    "A small picture."
    box.evaluate('box => checks.focused()?.blur()')
    box.screenshot(path=path)
    Image.open(path).convert('RGB').quantize(128).save(path, optimize=True)
    size = path.stat().st_size / 1e3
    check(path.name, size < 100, f'{size:.0f} kB')


# --- the site

def site(browser, folder, shots):
    "Every page of the site as nbconvert makes it."
    made = SITE['pages'](folder.parent / 'site')
    count = 0
    with opened(browser, SCREEN, 'file:') as (page, problems, _):
        for path in sorted(made.rglob('*.html')):
            name = path.relative_to(made).with_suffix('').as_posix()
            problems.clear()
            page.set_viewport_size(viewport(SCREEN))
            page.goto(path.as_uri(), wait_until='load')
            faults = page.evaluate('checks.images()')
            faults += [p for p in problems if not FETCHED.search(p)]
            check(f'site: {name}', not faults, '; '.join(faults)[:1000])
            count += living(page, f'site: {name}', shots)
    check('site: pages with something live', count, f'{count}')


def living(page, where, shots, theme='light'):
    "Each live thing of a page in both widths; how many there are."
    for host in page.locator('.rate-live').all(): host.locator('.live').wait_for()
    lives = [Live(page, kind, f'{where}, {kind} {number}', number)
             for kind in USES for number in range(page.locator(f'.live.{kind}').count())]
    for live in lives:
        shot = shots / f'{re.sub("[^a-z0-9]+", "_", live.where.lower())}.png'
        for width in (1280, 400): live.looks(theme, shot.with_stem(f'{shot.stem}_{width}'), width)
    page.set_viewport_size(viewport(SCREEN))
    return len(lives)


def rendered(browser, made, shots):
    """Every page that Quarto made in the folder `made`, in both themes, in a wide and in a narrow
    window; the whole picture of one with faults goes to `shots`."""
    # /rate/ is the address that the page for wrong addresses knows
    with served(made, at='/rate') as address: look_at_all(browser, address, made, shots)


def look_at_all(browser, address, made, shots):
    paths = sorted(path for path in made.rglob('*.html') if path.name != '404.html')
    section = {re.sub(r'(^|/)\d+_', r'\1', source).removesuffix('.ipynb'): title
               for title, source in SITE['sidebar']()}
    check(f'rendered site: {len(paths)} pages', len(paths) == len(section))
    for theme in ('light', 'dark'):
        pages_of = defaultdict(list)
        with opened(browser, SCREEN, address, color_scheme=theme) as (page, problems, foreign):
            for path in paths:
                name = path.relative_to(made).with_suffix('').as_posix()
                problems.clear()
                foreign.clear()
                page.goto(f'{address}/{name}.html', wait_until='load')
                faults = first_screen(page) + look(page, section.get(name, 'no section'))
                faults += reader.axe(page)
                faults += [f'asks for {url}' for url in foreign if 'mathjax' not in url.lower()]
                faults += [p for p in problems if not FETCHED.search(p)]
                for fault in dict.fromkeys(faults): pages_of[fault].append(name)
                living(page, f'rendered site, {theme}: {name}', shots, theme)
                name = f'site_{name.replace("/", "_")}_{theme}.png'
                if faults: page.screenshot(path=shots / name, full_page=True)
        tell(f'rendered site, {theme}', pages_of)
    with opened(browser, SCREEN, address) as (page, problems, _):
        page.goto(f'{address}/rate/404.html', wait_until='load')
        page.get_by_role('link', name='Start', exact=True).first.click()
        page.locator('.rate-live').first.wait_for()
        check('rendered site: a wrong address leads to Start', not problems, '; '.join(problems))
        chain(page)


def chain(page):
    "From Start, `next` leads through all that is to learn, one page after the other."
    path = [source for title, source in SITE['sidebar']() if title == 'Learn']
    names = [re.sub(r'(^|/)\d+_', r'\1', source).removesuffix('.ipynb') for source in path]
    met = []
    while True:
        met.append(page.url.partition('/rate/')[2].partition('.html')[0] or 'index')
        following = page.locator('.nav-page-next a')
        if not following.count() or len(met) > len(names): break
        page.goto(following.evaluate('link => link.href'))
    check('rendered site: one path from Start', met == names, f'{met}')


def tell(where, pages_of):
    "A line for each fault, with the pages that have it."
    check(f'{where}: {len(pages_of)} faults', not pages_of)
    for fault, names in pages_of.items():
        check(f'{where}: {fault[:300]}', False, f'{len(names)} pages: {", ".join(names)}'[:300])


def first_screen(page):
    "The first live thing of a page begins in a window of 1280 x 800, and soon shows something."
    page.set_viewport_size(viewport((1280, 800)))
    first = page.locator('.rate-live').first
    if not first.count(): return []
    first.locator('canvas').first.wait_for()
    top, soon = first.bounding_box()['y'], page.evaluate('checks.sinceLoad()')
    faults = [f'nothing live above {top:.0f} px'] if top > 700 else []
    if soon is None or soon > 5000: faults.append(f'first picture after {soon} ms')
    return faults


def look(page, section):
    "What a reader would find wrong with a page."
    faults = page.evaluate('checks.images()') + page.evaluate('checks.contrasts()')
    active = [a.strip() for a in page.locator('.navbar a.nav-link.active').all_inner_texts()]
    if active != [section]: faults.append(f'active are {active} in place of {section}')
    if TRACEBACK in page.locator('main').inner_text(): faults.append('shows a traceback')
    for width in (400, 1280):
        page.set_viewport_size(viewport((width, 900)))
        page.wait_for_timeout(150)
        wide = page.evaluate('document.documentElement.scrollWidth')
        if wide > width: faults.append(f'{wide} px wide in a window of {width}')
        scrolled = page.evaluate('checks.scrolled()') if width == 1280 else []
        faults += [f'scrolls: {what}' for what in scrolled]
        faults += [f'broken at {width}: {word}' for word in page.evaluate('checks.brokenWords()')]
        faults += [f'cut off at {width}: {what}' for what in page.evaluate('checks.cut()')]
    return faults


# --- all of it

def prepare(scratch):
    "The folder with the notebook and the files, and settings that keep JupyterLab from asking."
    folder, settings = scratch / 'work', scratch / 'settings/@jupyterlab/apputils-extension'
    folder.mkdir()
    settings.mkdir(parents=True)
    spec = dict(kernelspec=dict(name='python3', display_name='python3', language='python'))
    nb = v4.new_notebook(cells=[v4.new_code_cell(s) for s in CELLS], metadata=spec)
    write(nb, folder / 'demo.ipynb')
    quiet = json.dumps(dict(fetchNews='false', checkForUpdates=False))
    (settings / 'notification.jupyterlab-settings').write_text(quiet)
    subprocess.run([sys.executable, '-c', FILES], cwd=folder, check=True,
                   env=os.environ | dict(PYTHONPATH=str(ROOT)))
    return folder


def main(shots, docs, made, only):
    shots.mkdir(parents=True, exist_ok=True)
    parts = [part for part in (lab, first_minute, notebook, voila, exported, figures, own_rule,
                               site) if not only or part.__name__ in only]
    if docs: parts = [pictures]
    with (tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
          chromium() as browser):
        folder = made or prepare(Path(scratch))
        print(f'Chromium {browser.version}')
        for part in (rendered,) if made else parts:
            began = time.monotonic()
            try: part(browser, folder, shots)
            except Exception as e:
                check(f'{part.__name__} to its end', False, str(e)[:1500])
                for context in browser.contexts:
                    for i, page in enumerate(context.pages):
                        page.screenshot(path=shots / f'failed_{part.__name__}_{i}.png')
                    context.close()
            print(f'{part.__name__}: {time.monotonic() - began:.0f} s', flush=True)
    return report.end()


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description='Use the widgets in a browser.')
    parser.add_argument('folder', nargs='?', type=Path, default=Path('_screenshots'),
                        help='where screenshots go')
    parser.add_argument('--rendered', type=Path, metavar='FOLDER',
                        help='only look at the pages that Quarto made there, _docs')
    parser.add_argument('--only', nargs='+', metavar='PART', help='only these: lab, site, ...')
    parser.add_argument('--docs', action='store_true',
                        help='only make the pictures that the documentation shows')
    args = parser.parse_args()
    sys.exit(main(args.folder, args.docs, args.rendered, args.only))
