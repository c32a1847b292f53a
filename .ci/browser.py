"""The widgets in a browser, as a reader would use them by keyboard and mouse, in JupyterLab,
Notebook 7, Voila and an exported page; and every page of the site. Headless Chromium.

    pip install playwright voila notebook
    python .ci/browser.py [FOLDER] [--docs]
    python .ci/browser.py [FOLDER] --rendered _docs      # the pages that Quarto made there instead

Screenshots go to FOLDER, `_screenshots` by default. One line for each check; the exit status is 1
if one failed. What is asked inside a page is in browser.js."""
import argparse
import json
import os
import re
import runpy
import shutil
import socket
import statistics
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

from common import NBS, ROOT, TRACEBACK, Report
from nbformat import v4, write
from PIL import Image
from playwright.sync_api import sync_playwright

CELLS = """\
from rate import TaskFactory, lesion_explorer, load_pretrained, trial_player
task = TaskFactory.create_task('go_nogo')
net = load_pretrained('go_nogo')""", 'lesion_explorer(net, task)', "trial_player(net, task, 'go')"
# The widgets as a browser sees them.
PICTURE, PLAYER, HANDLE = 'img.widget-image', 'iframe[title="trial player"]', '.noUi-handle'
CODE = 'lesion(net.circuit(), 0.3,'
JUPYTER = ('--no-browser', '--ServerApp.ip=127.0.0.1', '--ServerApp.port={port}', '--allow-root',
           '--IdentityProvider.token=')
VOILA = 'demo.ipynb', '--no-browser', '--Voila.ip=127.0.0.1', '--port={port}'
# Scripts that the pages of the site would fetch from elsewhere.
FETCHED = re.compile('[Rr]equire|define is not defined|MathJax')
SITE = runpy.run_path(str(ROOT / '.ci' / 'site.py'))
report = Report()
check = report.say


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
def opened(browser, size, allowed='', **options):
    """A page and the errors of its scripts, but for those of Jupyter's own. With `allowed`, nothing
    is fetched from elsewhere."""
    page, problems = browser.new_page(viewport=viewport(size), **options), []
    page.add_init_script(path=ROOT / '.ci' / 'browser.js')
    page.set_default_timeout(60_000)

    def thrown(error):
        if '/static/' not in (error.stack or ''): problems.append(f'{error}')

    def said(message):
        if message.type == 'error' and 'srcdoc' in message.location.get('url', ''):
            problems.append(message.text)
    page.on('pageerror', thrown)
    page.on('console', said)
    def foreign(address): return address.startswith('http') and not address.startswith(allowed)
    if allowed: page.route(foreign, lambda route: route.abort())
    yield page, problems
    page.close()        # left open after an exception, for a picture of what is wrong


def viewport(size): return dict(zip(('width', 'height'), size))


def settle(page): page.wait_for_timeout(700)


# --- the widgets

def use(page, where, typed=False):
    "Move the explorer's slider and play in the player, whose frame is returned."
    sliders(page, where, typed)
    frame = page.frame_locator(PLAYER)
    frame.locator('#play').wait_for()
    play(page, frame, where)
    return frame


def sliders(page, where, typed):
    """Move the fraction to 75 with the keyboard: by arrow keys, or typed into the number beside
    the slider."""
    page.locator(PICTURE).wait_for()
    page.wait_for_function(f"document.querySelector('{PICTURE}').naturalWidth > 0")
    page.evaluate('checks.watch()')
    table = page.locator('table', has_text='correct trials')
    before, handle = table.inner_text(), page.locator(HANDLE).first
    for attempt in range(3):                # the machine may be busy with something else
        handle.focus()
        if attempt:
            page.keyboard.press('Home')
            settle(page)
        waits = [step(page, 5 * (i + 1), typed) for i in range(15)]
        median = statistics.median(waits)
        if median <= 150: break
    check(f'{where}: from key to picture in at most 150 ms', median <= 150,
          f'median of 15: {median:.0f} ms, slowest {max(waits):.0f} ms, attempt {attempt + 1}')
    at = handle.get_attribute('aria-valuenow')
    check(f'{where}: the slider is at 75', at == '75.0', at)
    check(f'{where}: the numbers changed', table.inner_text() != before)


def step(page, percentage, typed):
    "One step of the slider; the milliseconds until the picture is painted."
    page.evaluate('checks.reset()')
    if typed:
        page.locator('.widget-readout').first.click()
        page.keyboard.press('Control+a')
        page.keyboard.type(f'{percentage}')
    page.keyboard.press('Enter' if typed else 'ArrowRight')
    page.wait_for_function('checks.changed > checks.pressed && checks.pressed > 0')
    wait = page.evaluate('checks.changed - checks.pressed')
    page.wait_for_timeout(60)
    return wait


def play(page, inside, where):
    "Play in the page, or in a frame of it, for 3 seconds, then scrub."
    button, clock = inside.locator('#play'), inside.locator('#time')
    button.click()
    page.wait_for_timeout(3300)
    fps = float(inside.locator('body').get_attribute('data-fps') or 0)
    check(f'{where}: at least 20 frames a second', fps >= 20, f'{fps:g}')
    button.click()
    settle(page)
    was = clock.inner_text()
    inside.locator('#scrub').focus()
    page.keyboard.press('End')
    now = clock.inner_text()
    check(f'{where}: scrubs to the end', now != was and now.startswith('995 ms'), f'{was} -> {now}')
    page.keyboard.press('Home')
    page.keyboard.press('Space')
    page.wait_for_timeout(600)
    page.keyboard.press('Space')
    paused = button.inner_text() == 'play' and not clock.inner_text().startswith('0 ms')
    check(f'{where}: space plays and pauses', paused)


def whole(page, where):
    "No label is cut off, nothing is wider than its cell."
    cut, wide = page.evaluate('checks.labels()'), page.evaluate('checks.wide()')
    check(f'{where}: all labels are whole', not cut, ', '.join(cut))
    check(f'{where}: nothing is wider than its place', not wide, f'{wide} boxes' if wide else '')


def no_errors(page, problems, where):
    bad = '[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type*="error"]'
    said = page.locator(bad).all_inner_texts()
    check(f'{where}: nothing on standard error', not said, ' '.join(said)[:300])
    check(f'{where}: no traceback', 'Traceback' not in page.locator('body').inner_text())
    check(f'{where}: no error in the console', not problems, '; '.join(problems)[:300])


# --- where they are used

def run_all(page, address):
    page.goto(address)
    page.locator('.jp-Notebook').wait_for()
    ready = '.jp-NotebookPanel .jp-Toolbar-kernelStatus, .jp-Notebook-ExecutionIndicator'
    page.locator(ready).first.wait_for()
    settle(page)
    for name in ('Run', 'Run All Cells'):
        page.get_by_role('menuitem', name=name, exact=True).click()


def lab(browser, folder, shots, docs):
    with (server(folder, 'jupyterlab', *JUPYTER, '--expose-app-in-browser') as address,
          opened(browser, (1280, 1700)) as (page, problems)):
        run_all(page, f'{address}/lab/tree/demo.ipynb')
        frame = use(page, 'JupyterLab')
        drag(page)
        frame.locator('#scrub').evaluate(
            "e => { e.value = 120; e.dispatchEvent(new Event('input')) }")
        page.get_by_role('button', name='Copy code').click()
        code = page.get_by_label('Code for this state')
        code.wait_for()
        check('JupyterLab: the code for this state', CODE in code.input_value())
        for theme in ('Dark', 'Light'): themed(page, frame, theme, shots, docs)
        export(page, folder)
        window(page)
        sentences(page)
        no_errors(page, problems, 'JupyterLab')


def drag(page):
    "Move the fraction 39 times as fast as keys can be sent, to 30 in the end."
    page.evaluate('checks.reset()')
    handle = page.locator(HANDLE).first
    handle.focus()
    back = ['ArrowLeft'] * 15 + ['ArrowRight', 'ArrowLeft'] * 9 + ['ArrowRight'] * 6
    for key in back: page.keyboard.press(key)
    page.get_by_text('30 % of', exact=False).first.wait_for()
    page.wait_for_timeout(1500)
    redraws, at = page.evaluate('checks.redraws'), handle.get_attribute('aria-valuenow')
    check('JupyterLab: dragging fast drops values and ends at the last',
          at == '30.0' and 0 < redraws < 39, f'{redraws} redraws for 39 moves')


def window(page):
    "Give the explorer's lesion a beginning and an end with the mouse, and the whole trial again."
    caption = page.get_by_text('A trial with the label', exact=False)
    track = page.locator('.widget-slider', has_text='from, to (ms)').first.locator('.noUi-base')
    left, top, width, height = (track.bounding_box()[k] for k in ('x', 'y', 'width', 'height'))
    for handle, share in ((2, .4), (3, .7)):
        page.locator(HANDLE).nth(handle).hover()
        page.mouse.down()
        page.mouse.move(left + share * width, top + height / 2, steps=5)
        page.mouse.up()
    settle(page)
    found = re.search(r'(\d+) to (\d+) ms', caption.inner_text())
    start, stop = map(int, found.groups()) if found else (0, 0)
    check('JupyterLab: a window for the lesion by mouse',
          abs(start - 400) < 30 and abs(stop - 700) < 30, caption.inner_text())
    page.get_by_role('button', name='Reset').first.click()
    page.get_by_text('The network: intact.', exact=False).wait_for()


def themed(page, frame, theme, shots, docs):
    page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})",
                  f'JupyterLab {theme}')
    page.wait_for_timeout(2500)
    html, theme = frame.locator('html'), theme.lower()
    dark = html.evaluate("e => e.classList.contains('dark')")
    check(f'JupyterLab: the player is {theme}', dark == (theme == 'dark'))
    for size in ((800, 2100), (1280, 1700)):
        page.set_viewport_size(viewport(size))
        settle(page)
        state, where = f'{theme}_{size[0]}', f'JupyterLab, {theme}, {size[0]} wide'
        page.screenshot(path=shots / f'lab_{state}.png')
        whole(page, where)
        cut = html.evaluate('e => e.scrollHeight > innerHeight + 2')
        check(f'{where}: the player is whole', not cut)
        if docs:
            for name, inside in (('lesion_explorer', PICTURE), ('trial_player', 'iframe')):
                box = page.locator('.widget-vbox', has=page.locator(inside)).first
                shoot(page, box, docs / f'{name}_{state}.png')


def shoot(page, what, path):
    "A small picture for the documentation."
    what.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    what.screenshot(path=path)
    Image.open(path).convert('RGB').quantize(128).save(path, optimize=True)


def export(page, folder):
    page.get_by_label('file name').fill('played')
    for kind in ('HTML', 'GIF'):
        page.get_by_role('button', name=f'Export {kind}').click()
        path = folder / f'played.{kind.lower()}'
        page.get_by_text(f'Wrote {path.name}').wait_for()
        size = path.stat().st_size
        check(f'JupyterLab: {path.name}', size > 10_000, f'{size} bytes')


def sentences(page):
    "Entries that cannot be are explained in a sentence."
    def enter(label, text, expected, button=None):
        page.get_by_label(label, exact=True).first.fill(text)
        page.keyboard.press('Enter')
        if button: page.get_by_role('button', name=button).click()
        message = page.get_by_role('status').filter(has_text=expected)
        message.wait_for()
        check(f'JupyterLab: {label} {text!r} is explained in a sentence', True,
              message.inner_text())
    enter('file name', 'no/such/folder', 'there is no folder', 'Export HTML')
    page.get_by_label('what to lesion').first.select_option('units in a list')
    enter('units', '3, 999', 'must be a list like')


def notebook(browser, folder, shots, docs):
    with (server(folder, 'notebook', *JUPYTER) as address,
          opened(browser, (1280, 1700)) as (page, problems)):
        run_all(page, f'{address}/notebooks/demo.ipynb')
        use(page, 'Notebook 7', typed=True)         # the arrow keys are the notebook's own there
        whole(page, 'Notebook 7')
        no_errors(page, problems, 'Notebook 7')
        page.screenshot(path=shots / 'notebook_1280.png')


def voila(browser, folder, shots, docs):
    with (server(folder, 'voila', *VOILA) as address,
          opened(browser, (1280, 1500)) as (page, problems)):
        page.goto(address)
        use(page, 'Voila')
        no_errors(page, problems, 'Voila')
        for size in ((1280, 1500), (800, 1900)):
            page.set_viewport_size(viewport(size))
            settle(page)
            whole(page, f'Voila, {size[0]} wide')
            page.screenshot(path=shots / f'voila_{size[0]}.png')


def exported(browser, folder, shots, docs):
    asked = []
    with opened(browser, (1280, 720)) as (page, problems):
        page.on('request', lambda r: asked.append(r.url))
        page.goto((folder / 'played.html').as_uri())
        play(page, page, 'exported page')
        check('exported page: asks for nothing else', len(asked) == 1, ' '.join(asked[1:]))
        no_errors(page, problems, 'exported page')
        page.screenshot(path=shots / 'exported_1280.png')


# --- the site

def site(browser, folder, shots, docs):
    """Every page of the site as nbconvert makes it: no error of its scripts, every image loads, the
    players play."""
    made = SITE['pages'](folder.parent / 'site')
    faults, players, paths = [], 0, sorted(made.rglob('*.html'))
    with opened(browser, (1280, 800), allowed='file:') as (page, problems):
        for path in paths:
            problems.clear()
            page.goto(path.as_uri(), wait_until='load')
            found = page.evaluate('checks.images()')
            found += [p for p in problems if not FETCHED.search(p)]
            faults += [f'{path.name}: {fault}' for fault in found]
            if path.name == 'index.html':
                page.screenshot(path=shots / 'site_index.png')
                box = page.locator('img').first.bounding_box()
                end = box['y'] + box['height']
                check('site: a figure above the fold of the first page', end <= 800,
                      f'it ends at {end:.0f} px')
            for i in range(page.locator(PLAYER).count()):
                players += 1
                frame = page.locator(PLAYER).nth(i).content_frame
                play(page, frame, f'site, {path.name}')
    check(f'site: {len(paths)} pages, {players} players', not faults and players,
          '; '.join(faults)[:1000])


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args): pass


def rendered(browser, made, shots, docs):
    """Every page that Quarto made in the folder `made`, in both themes, in a wide and in a narrow
    window; its whole picture goes to `shots`."""
    web = ThreadingHTTPServer(('127.0.0.1', 0), partial(Quiet, directory=made))
    Thread(target=web.serve_forever, daemon=True).start()
    address, paths = f'http://127.0.0.1:{web.server_port}', sorted(made.rglob('*.html'))
    section = {re.sub(r'(^|/)\d+_', r'\1', source).removesuffix('.ipynb'): title
               for title, source in SITE['sidebar']()}
    for theme in ('light', 'dark'):
        where = f'rendered site, {theme}'
        check(f'{where}: {len(paths)} pages', len(paths) == len(section))
        with opened(browser, (1280, 900), allowed=address, color_scheme=theme) as (page, problems):
            for path in paths:
                name = path.relative_to(made).with_suffix('').as_posix()
                problems.clear()
                page.goto(f'{address}/{name}.html', wait_until='load')
                shot = shots / f'site_{name.replace("/", "_")}_{theme}.png'
                faults = look(page, section[name], shot)
                faults += [p for p in problems if not FETCHED.search(p)]
                check(f'{where}: {name}', not faults, '; '.join(faults)[:2000])
    web.shutdown()


def look(page, section, shot):
    "What a reader would find wrong with a page."
    faults = page.evaluate('checks.images()') + page.evaluate('checks.contrasts()')
    active = [a.strip() for a in page.locator('.navbar a.nav-link.active').all_inner_texts()]
    if active != [section]: faults.append(f'active are {active} in place of {section}')
    if TRACEBACK in page.locator('main').inner_text(): faults.append('shows a traceback')
    for width in (1280, 400):
        page.set_viewport_size(viewport((width, 900)))
        page.wait_for_timeout(150)
        wide = page.evaluate('document.documentElement.scrollWidth')
        if wide > width: faults.append(f'{wide} px wide in a window of {width}')
        faults += [f'cut off at {width}: {what}' for what in page.evaluate('checks.cut()')]
        page.screenshot(path=shot.with_stem(f'{shot.stem}_{width}'), full_page=True)
    page.set_viewport_size(viewport((1280, 900)))
    return faults


def prepare(scratch):
    "The folder with the notebook, and settings of JupyterLab's that keep it from asking."
    folder, settings = scratch / 'work', scratch / 'settings/@jupyterlab/apputils-extension'
    folder.mkdir()
    settings.mkdir(parents=True)
    spec = dict(kernelspec=dict(name='python3', display_name='python3', language='python'))
    nb = v4.new_notebook(cells=[v4.new_code_cell(s) for s in CELLS], metadata=spec)
    write(nb, folder / 'demo.ipynb')
    quiet = json.dumps(dict(fetchNews='false', checkForUpdates=False))
    (settings / 'notification.jupyterlab-settings').write_text(quiet)
    return folder


def main(shots, docs, made):
    shots.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which('google-chrome') or shutil.which('chromium')
    options = '--no-sandbox', '--disable-gpu', '--disable-background-networking'
    with (tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
          sync_playwright() as p):
        folder = prepare(Path(scratch))
        browser = p.chromium.launch(executable_path=chromium, args=options)
        print(f'Chromium {browser.version}')
        for part in (rendered,) if made else (lab, notebook, voila, exported, site):
            try: part(browser, made or folder, shots, docs)
            except Exception as e:
                check(f'{part.__name__} to its end', False, str(e)[:1500])
                for context in browser.contexts:
                    for i, page in enumerate(context.pages):
                        page.screenshot(path=shots / f'failed_{part.__name__}_{i}.png')
                    context.close()
        browser.close()
    return report.end()


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description='Use the widgets in a browser.')
    parser.add_argument('folder', nargs='?', type=Path, default=Path('_screenshots'),
                        help='where screenshots go')
    parser.add_argument('--rendered', type=Path, metavar='FOLDER',
                        help='only look at the pages that Quarto made there, _docs')
    parser.add_argument('--docs', action='store_true',
                        help='also make those that the documentation shows')
    args = parser.parse_args()
    sys.exit(main(args.folder, NBS / 'screenshots' if args.docs else None, args.rendered))
