"""The widgets in a browser: JupyterLab and Voila, headless Chromium, keyboard and mouse, as a reader would use them.

    pip install playwright voila
    python .ci/browser.py [FOLDER] [--docs]

Screenshots go to FOLDER, `_screenshots` by default. Chromium is that of the system; as root on Debian it is installed where it
is missing. One line for each check; the exit status is 1 if one failed."""
import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
CELLS = ["""\
from rate import TaskFactory, lesion_explorer, load_pretrained, trial_player
task = TaskFactory.create_task('go_nogo')
net = load_pretrained('go_nogo')""",
         'lesion_explorer(net, task)', "trial_player(net, task, 'go')"]
# an image has changed when the new one is loaded and painted
WATCH = """() => {
  const image = document.querySelector('img.widget-image');
  document.addEventListener('keydown', () => { window.pressed = performance.now() }, true);
  image.addEventListener('load', () => requestAnimationFrame(() => { window.changed = performance.now() }));
  window.pressed = window.changed = 0;
}"""
results = []


def check(name, ok, detail=''):
    results.append(bool(ok))
    print('ok    ' if ok else 'FAILED', name, f'({detail})' if detail else '', flush=True)


def write_notebook(folder):
    cells = [dict(cell_type='code', id=f'c{i}', metadata={}, outputs=[], execution_count=None, source=s)
             for i, s in enumerate(CELLS)]
    spec = dict(kernelspec=dict(name='python3', display_name='python3', language='python'))
    text = json.dumps(dict(cells=cells, metadata=spec, nbformat=4, nbformat_minor=5))
    (folder / 'demo.ipynb').write_text(text)


@contextmanager
def server(folder, name, *args):
    "The address of a Jupyter server on a free port; it ends with the block."
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        port = s.getsockname()[1]
    own = {f'JUPYTER_{k}_DIR': str(folder.parent / f'{name}_{k}') for k in ('CONFIG', 'DATA', 'RUNTIME')}
    own.update(JUPYTERLAB_SETTINGS_DIR=str(folder.parent / 'settings'), IPYTHONDIR=str(folder.parent / 'ipython'),
               PYTHONPATH=os.pathsep.join([str(ROOT), os.environ.get('PYTHONPATH', '')]))
    with open(folder.parent / f'{name}.log', 'wb') as log:
        command = [sys.executable, '-m', name, *(a.format(port=port) for a in args)]
        process = subprocess.Popen(command, cwd=folder, env={**os.environ, **own}, stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log)
        try:
            address = f'http://127.0.0.1:{port}'
            for _ in range(240):
                time.sleep(.25)
                if process.poll() is not None: break
                try: urllib.request.urlopen(f'{address}/static/favicon.ico', timeout=5)
                except urllib.error.HTTPError: pass
                except OSError: continue
                break
            yield address
        except BaseException:
            print((folder.parent / f'{name}.log').read_text(errors='replace')[-3000:])
            raise
        finally:
            process.terminate()
            try: process.wait(20)
            except subprocess.TimeoutExpired: process.kill()


def new_page(browser, width, height, problems):
    page = browser.new_page(viewport=dict(width=width, height=height))
    page.set_default_timeout(60_000)
    page.on('pageerror', lambda e: problems.append(f'{e}'))
    page.on('console', lambda m: m.type == 'error' and 'srcdoc' in m.location.get('url', '')
            and problems.append(m.text))
    return page


def settle(page):
    page.wait_for_timeout(700)


def sliders(page, where):
    "Move the percentage with the keyboard."
    page.locator('img.widget-image').wait_for()
    page.wait_for_function("document.querySelector('img.widget-image').naturalWidth > 0")
    page.evaluate(WATCH)
    table = page.locator('table', has_text='correct trials')
    before, waits = table.inner_text(), []
    handle = page.locator('.noUi-handle').first
    handle.focus()
    for _ in range(15):
        page.evaluate('window.pressed = window.changed = 0')
        page.keyboard.press('ArrowRight')
        page.wait_for_function('window.changed > window.pressed && window.pressed > 0')
        waits.append(page.evaluate('window.changed - window.pressed'))
        page.wait_for_timeout(60)
    check(f'{where}: from key to picture in at most 150 ms', statistics.median(waits) <= 150,
          f'median of 15: {statistics.median(waits):.0f} ms, slowest {max(waits):.0f} ms')
    check(f'{where}: the slider is at 75', handle.get_attribute('aria-valuenow') == '75.0',
          handle.get_attribute('aria-valuenow'))
    check(f'{where}: the numbers changed', table.inner_text() != before)


def hold(page):
    "Move the percentage 39 times as fast as keys can be sent, to 30 in the end; the number of redraws."
    page.evaluate("""() => { window.redraws = 0;
        document.querySelector('img.widget-image').addEventListener('load', () => window.redraws++) }""")
    page.locator('.noUi-handle').first.focus()
    for key in ['ArrowLeft'] * 15 + ['ArrowRight', 'ArrowLeft'] * 9 + ['ArrowRight'] * 6: page.keyboard.press(key)
    page.get_by_text('30 % of', exact=False).first.wait_for()
    page.wait_for_timeout(1500)
    return page.evaluate('window.redraws')


def shoot(page, what, path):
    what.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    what.screenshot(path=path)


def play(page, inside, where):
    "Play in the page, or in a frame of it, for 3 seconds, then scrub."
    inside.locator('#play').click()
    page.wait_for_timeout(3300)
    fps = float(inside.locator('body').get_attribute('data-fps') or 0)
    check(f'{where}: at least 20 frames a second', fps >= 20, f'{fps:g}')
    inside.locator('#play').click()
    settle(page)
    was = inside.locator('#time').inner_text()
    inside.locator('#scrub').focus()
    page.keyboard.press('End')
    now = inside.locator('#time').inner_text()
    check(f'{where}: scrubs to the end', now != was and now.startswith('995 ms'), f'{was} -> {now}')
    page.keyboard.press('Home')
    page.keyboard.press('Space')
    page.wait_for_timeout(600)
    page.keyboard.press('Space')
    check(f'{where}: space plays and pauses', inside.locator('#play').inner_text() == 'play'
          and not inside.locator('#time').inner_text().startswith('0 ms'))


def no_errors(page, problems, where):
    bad = page.locator('[data-mime-type="application/vnd.jupyter.stderr"], [data-mime-type*="error"]')
    check(f'{where}: nothing on standard error', bad.count() == 0,
          ' '.join(bad.all_inner_texts())[:300])
    check(f'{where}: no traceback', 'Traceback' not in page.locator('body').inner_text())
    check(f'{where}: no error in the console', not problems, '; '.join(problems)[:300])


def lab(browser, folder, shots, docs):
    with server(folder, 'jupyterlab', '--no-browser', '--ServerApp.ip=127.0.0.1', '--ServerApp.port={port}',
                '--IdentityProvider.token=', '--allow-root', '--expose-app-in-browser') as address:
        problems, name = [], 'JupyterLab'
        page = new_page(browser, 1280, 1700, problems)
        page.goto(f'{address}/lab/tree/demo.ipynb')
        page.locator('.jp-Notebook').wait_for()
        page.locator('.jp-NotebookPanel .jp-Toolbar-kernelStatus, .jp-Notebook-ExecutionIndicator').first.wait_for()
        settle(page)
        page.get_by_role('menuitem', name='Run', exact=True).click()
        page.get_by_role('menuitem', name='Run All Cells', exact=True).click()
        sliders(page, name)
        frame = page.frame_locator('iframe[title="trial player"]')
        frame.locator('#play').wait_for()
        play(page, frame, name)
        redraws = hold(page)
        check(f'{name}: dragging fast drops values and ends at the last', page.locator('.noUi-handle').first.get_attribute('aria-valuenow') == '30.0'
              and '30 % of' in page.locator('body').inner_text() and 0 < redraws <= 39, f'{redraws} redraws for 39 moves')
        if docs:        # what the documentation shows
            shoot(page, page.locator('.widget-vbox', has=page.locator('img.widget-image')).first, docs / 'lesion_explorer.png')
            frame.locator('#scrub').evaluate("e => { e.value = 120; e.dispatchEvent(new Event('input')) }")
            shoot(page, page.locator('.widget-vbox', has=page.locator('iframe')).first, docs / 'trial_player.png')
        page.get_by_label('file name').fill('played')
        for kind, wait in (('HTML', 20_000), ('GIF', 60_000)):
            page.get_by_role('button', name=f'Export {kind}').click()
            path = folder / f'played.{kind.lower()}'
            page.get_by_text(f'Wrote {path.name}').wait_for(timeout=wait)
            check(f'{name}: {path.name}', path.stat().st_size > 10_000, f'{path.stat().st_size} bytes')
        page.get_by_label('what to lesion').first.select_option('units in a list')
        page.get_by_label('units', exact=True).first.fill('3, 999')
        page.keyboard.press('Enter')
        message = page.get_by_role('status').filter(has_text='allowed is a list like')
        message.wait_for()
        check(f'{name}: a wrong list of units is explained in a sentence', True, message.inner_text())
        page.get_by_role('button', name='Copy code').click()
        code = page.get_by_label('Code for this state')
        code.wait_for()
        check(f'{name}: the code for this state', 'net.lesioned(' in code.input_value())
        no_errors(page, problems, name)
        for theme in ('Light', 'Dark'):
            page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})",
                          f'JupyterLab {theme}')
            page.wait_for_timeout(2500)
            dark = frame.locator('html').evaluate("e => e.classList.contains('dark')")
            check(f'{name}: the player is {theme.lower()}', dark == (theme == 'Dark'))
            for width in (1280, 800):
                page.set_viewport_size(dict(width=width, height=1700 if width == 1280 else 2100))
                settle(page)
                page.screenshot(path=shots / f'lab_{theme.lower()}_{width}.png')
                cut = frame.locator('html').evaluate('e => e.scrollHeight > innerHeight + 2')
                check(f'{name}: nothing of the player is cut off, {theme.lower()}, {width}', not cut)
        page.close()


def voila(browser, folder, shots, docs):
    with server(folder, 'voila', 'demo.ipynb', '--no-browser', '--Voila.ip=127.0.0.1', '--port={port}') as address:
        problems, name = [], 'Voila'
        page = new_page(browser, 1280, 1500, problems)
        page.goto(address)
        sliders(page, name)
        frame = page.frame_locator('iframe[title="trial player"]')
        frame.locator('#play').wait_for()
        play(page, frame, name)
        no_errors(page, problems, name)
        page.screenshot(path=shots / 'voila_1280.png')
        page.set_viewport_size(dict(width=800, height=1900))
        settle(page)
        page.screenshot(path=shots / 'voila_800.png')
        page.close()


def exported(browser, folder, shots, docs):
    problems, name = [], 'exported page'
    page = new_page(browser, 1280, 720, problems)
    asked = []
    page.on('request', lambda r: asked.append(r.url))
    page.goto((folder / 'played.html').as_uri())
    play(page, page, name)
    check(f'{name}: asks for nothing else', len(asked) == 1, ' '.join(asked[1:]))
    no_errors(page, problems, name)
    page.screenshot(path=shots / 'exported_1280.png')
    page.close()


def main(shots, docs):
    if not shutil.which('chromium') and os.geteuid() == 0 and shutil.which('apt-get'):
        subprocess.run(['apt-get', 'update', '-q'], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(['apt-get', 'install', '-qy', '--no-install-recommends', 'chromium'], check=True,
                       stdout=subprocess.DEVNULL)
    shots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch, sync_playwright() as p:
        folder = Path(scratch, 'work')
        folder.mkdir()
        write_notebook(folder)
        for plugin, settings in (('notification', dict(fetchNews='false', checkForUpdates=False)),):
            path = Path(scratch, 'settings', '@jupyterlab', 'apputils-extension', f'{plugin}.jupyterlab-settings')
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(settings))
        browser = p.chromium.launch(executable_path=shutil.which('chromium'), args=[
            '--no-sandbox', '--disable-gpu', '--disable-background-networking'])
        print(f'Chromium {browser.version}')
        try:
            for part in (lab, voila, exported):
                try: part(browser, folder, shots, docs)
                except Exception as e:
                    check(f'{part.__name__} to its end', False, str(e)[:1500])
                    for i, page in enumerate(browser.contexts[-1].pages if browser.contexts else []):
                        page.screenshot(path=shots / f'failed_{part.__name__}_{i}.png')
        finally: browser.close()
    print(f'{sum(results)} passed, {len(results) - sum(results)} failed')
    return 0 if results and all(results) else 1


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description='Use the widgets in a browser.')
    parser.add_argument('folder', nargs='?', type=Path, default=Path('_screenshots'), help='where screenshots go')
    parser.add_argument('--docs', action='store_true', help='also make those that the documentation shows')
    args = parser.parse_args()
    sys.exit(main(args.folder, ROOT / 'nbs' / 'screenshots' if args.docs else None))
