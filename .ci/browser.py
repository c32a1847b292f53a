"""The widgets in a browser, as a reader would use them by keyboard and mouse, in JupyterLab, Notebook 7, Voila and an exported page;
and every page of the site. Headless Chromium.

    pip install playwright voila notebook
    python .ci/browser.py [FOLDER] [--docs]
    python .ci/browser.py [FOLDER] --rendered _docs      # the pages that Quarto made there instead

Screenshots go to FOLDER, `_screenshots` by default. Chromium is that of the system; as root on Debian it is installed where it
is missing. One line for each check; the exit status is 1 if one failed."""
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

import debian
from PIL import Image
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
SITE = runpy.run_path(str(ROOT / '.ci' / 'site.py'))
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


def new_page(browser, width, height, problems, **options):
    page = browser.new_page(viewport=dict(width=width, height=height), **options)
    page.set_default_timeout(60_000)
    page.on('pageerror', lambda e: '/static/' in (e.stack or '') or problems.append(f'{e}'))     # not those of Jupyter's own scripts
    page.on('console', lambda m: m.type == 'error' and 'srcdoc' in m.location.get('url', '')
            and problems.append(m.text))
    return page


def settle(page):
    page.wait_for_timeout(700)


def sliders(page, where, typed=False):
    "Move the percentage to 75 with the keyboard: by arrow keys, or typed into the number beside the slider."
    page.locator('img.widget-image').wait_for()
    page.wait_for_function("document.querySelector('img.widget-image').naturalWidth > 0")
    page.evaluate(WATCH)
    table = page.locator('table', has_text='correct trials')
    before, waits = table.inner_text(), []
    handle = page.locator('.noUi-handle').first
    for attempt in range(3):                # the machine may be busy with something else for a moment
        handle.focus()
        if attempt:
            page.keyboard.press('Home')
            settle(page)
        waits.clear()
        for i in range(15):
            page.evaluate('window.pressed = window.changed = 0')
            if typed:
                page.locator('.widget-readout').first.click()
                page.keyboard.press('Control+a')
                page.keyboard.type(f'{5 * (i + 1)}')
            page.keyboard.press('Enter' if typed else 'ArrowRight')
            page.wait_for_function('window.changed > window.pressed && window.pressed > 0')
            waits.append(page.evaluate('window.changed - window.pressed'))
            page.wait_for_timeout(60)
        if statistics.median(waits) <= 150: break
    check(f'{where}: from key to picture in at most 150 ms', statistics.median(waits) <= 150,
          f'median of 15: {statistics.median(waits):.0f} ms, slowest {max(waits):.0f} ms, attempt {attempt + 1}')
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
    "A small picture for the documentation."
    what.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    what.screenshot(path=path)
    Image.open(path).convert('RGB').quantize(128).save(path, optimize=True)


def run_all(page):
    page.locator('.jp-Notebook').wait_for()
    page.locator('.jp-NotebookPanel .jp-Toolbar-kernelStatus, .jp-Notebook-ExecutionIndicator').first.wait_for()
    settle(page)
    page.get_by_role('menuitem', name='Run', exact=True).click()
    page.get_by_role('menuitem', name='Run All Cells', exact=True).click()


def use(page, where, typed=False):
    "Move the explorer's slider and play in the player, whose frame is returned."
    sliders(page, where, typed)
    frame = page.frame_locator('iframe[title="trial player"]')
    frame.locator('#play').wait_for()
    play(page, frame, where)
    return frame


def whole(page, where):
    "No label is cut off, nothing is wider than its cell."
    cut = page.locator('.widget-label').evaluate_all(
        "all => all.filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)")
    check(f'{where}: all labels are whole', not cut, ', '.join(cut))
    wide = page.locator('.widget-vbox').evaluate_all(
        "all => all.filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 2).length")
    check(f'{where}: nothing is wider than its place', not wide, f'{wide} boxes' if wide else '')


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
        run_all(page)
        frame = use(page, name)
        redraws = hold(page)
        at = page.locator('.noUi-handle').first.get_attribute('aria-valuenow')
        check(f'{name}: dragging fast drops values and ends at the last', at == '30.0' and 0 < redraws < 39,
              f'{redraws} redraws for 39 moves')
        frame.locator('#scrub').evaluate("e => { e.value = 120; e.dispatchEvent(new Event('input')) }")
        widgets = dict(lesion_explorer=page.locator('.widget-vbox', has=page.locator('img.widget-image')).first,
                       trial_player=page.locator('.widget-vbox', has=page.locator('iframe')).first)
        page.get_by_role('button', name='Copy code').click()
        code = page.get_by_label('Code for this state')
        code.wait_for()
        check(f'{name}: the code for this state', 'net.lesioned(0.3,' in code.input_value())
        for theme in ('Dark', 'Light'):
            page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})",
                          f'JupyterLab {theme}')
            page.wait_for_timeout(2500)
            dark = frame.locator('html').evaluate("e => e.classList.contains('dark')")
            check(f'{name}: the player is {theme.lower()}', dark == (theme == 'Dark'))
            for width, height in ((800, 2100), (1280, 1700)):
                page.set_viewport_size(dict(width=width, height=height))
                settle(page)
                state = f'{theme.lower()}_{width}'
                page.screenshot(path=shots / f'lab_{state}.png')
                whole(page, f'{name}, {theme.lower()}, {width} wide')
                cut = frame.locator('html').evaluate('e => e.scrollHeight > innerHeight + 2')
                check(f'{name}, {theme.lower()}, {width} wide: the player is whole', not cut)
                if docs:
                    for what, box in widgets.items(): shoot(page, box, docs / f'{what}_{state}.png')
        page.get_by_label('file name').fill('played')
        for kind, wait in (('HTML', 20_000), ('GIF', 60_000)):
            page.get_by_role('button', name=f'Export {kind}').click()
            path = folder / f'played.{kind.lower()}'
            page.get_by_text(f'Wrote {path.name}').wait_for(timeout=wait)
            check(f'{name}: {path.name}', path.stat().st_size > 10_000, f'{path.stat().st_size} bytes')
        said = page.get_by_role('status')
        for control, text, expected in (('file name', 'no/such/folder', 'there is no folder'), ('units', '3, 999', 'must be a list like')):
            if control == 'units': page.get_by_label('what to lesion').first.select_option('units in a list')
            page.get_by_label(control, exact=True).first.fill(text)
            page.keyboard.press('Enter')
            if control == 'file name': page.get_by_role('button', name='Export HTML').click()
            message = said.filter(has_text=expected)
            message.wait_for()
            check(f'{name}: {control} {text!r} is explained in a sentence', True, message.inner_text())
        no_errors(page, problems, name)
        page.close()


def notebook(browser, folder, shots, docs):
    with server(folder, 'notebook', '--no-browser', '--ServerApp.ip=127.0.0.1', '--ServerApp.port={port}',
                '--IdentityProvider.token=', '--allow-root') as address:
        problems, name = [], 'Notebook 7'
        page = new_page(browser, 1280, 1700, problems)
        page.goto(f'{address}/notebooks/demo.ipynb')
        run_all(page)
        use(page, name, typed=True)         # the arrow keys are the notebook's own there
        whole(page, name)
        no_errors(page, problems, name)
        page.screenshot(path=shots / 'notebook_1280.png')
        page.close()


def voila(browser, folder, shots, docs):
    with server(folder, 'voila', 'demo.ipynb', '--no-browser', '--Voila.ip=127.0.0.1', '--port={port}') as address:
        problems, name = [], 'Voila'
        page = new_page(browser, 1280, 1500, problems)
        page.goto(address)
        use(page, name)
        no_errors(page, problems, name)
        for width, height in ((1280, 1500), (800, 1900)):
            page.set_viewport_size(dict(width=width, height=height))
            settle(page)
            whole(page, f'{name}, {width} wide')
            page.screenshot(path=shots / f'voila_{width}.png')
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


def site(browser, folder, shots, docs):
    "Every page of the site as nbconvert makes it: no error of its scripts, every image loads, the players play."
    made = SITE['pages'](folder.parent / 'site')
    problems, faults, players = [], [], 0
    page = new_page(browser, 1280, 800, problems)
    page.route(lambda address: address.startswith('http'), lambda route: route.abort())      # what nbconvert's template would fetch
    paths = sorted(made.rglob('*.html'))
    for path in paths:
        problems.clear()
        page.goto(path.as_uri(), wait_until='load')
        faults += [f'{path.name}: {p}' for p in problems if not FETCHED.search(p)]
        empty = page.locator('img').evaluate_all("all => all.filter(e => !(e.complete && e.naturalWidth)).map(e => e.src.slice(0, 80))")
        faults += [f'{path.name}: image {src} is empty' for src in empty]
        if path.name == 'index.html':
            page.screenshot(path=shots / 'site_index.png')
            box = page.locator('img').first.bounding_box()
            check('site: a figure above the fold of the first page', box['y'] + box['height'] <= 800,
                  f'it ends at {box["y"] + box["height"]:.0f} px')
        frame = page.frame_locator('iframe[title="trial player"]')
        for i in range(page.locator('iframe[title="trial player"]').count()):
            players += 1
            play(page, frame.nth(i) if hasattr(frame, 'nth') else frame, f'site, {path.name}')
    check(f'site: {len(paths)} pages, {players} players', not faults and players, '; '.join(faults)[:1000])
    page.close()


# Scripts that the pages of the site would fetch from elsewhere.
FETCHED = re.compile('[Rr]equire|define is not defined|MathJax')
# What a reader cannot see: an element beyond the right edge of the text, or in a box that hides what sticks out; what scrolls can be seen.
CUT = """() => {
  const main = document.querySelector('main.content'), edge = main.getBoundingClientRect().right + 1;
  const overflow = e => getComputedStyle(e).overflowX;
  const scrolls = e => e !== main && (['auto', 'scroll'].includes(overflow(e)) || scrolls(e.parentElement));
  const name = e => `${e.tagName} ${e.className} ${e.innerText || e.alt || ''}`.slice(0, 80);
  return [...main.querySelectorAll('pre, code, table, img, svg, math, p, .cell-output')].filter(e => e.getClientRects().length
    && (e.getBoundingClientRect().right > edge && !scrolls(e) || ['hidden', 'clip'].includes(overflow(e)) && e.scrollWidth > e.clientWidth + 1)).map(name);
}"""
# The least contrast of text that links to other pages, and where; the ground is the nearest one that is opaque.
CONTRASTS = r"""() => {
  const parse = c => { const [r, g, b, a] = c.match(/[\d.]+/g).map(Number); return [r, g, b, a ?? 1] };
  const light = c => c.slice(0, 3).map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
  const ground = e => {
    if (!e) return [255, 255, 255];
    const [r, g, b, a] = parse(getComputedStyle(e).backgroundColor), under = a < 1 ? ground(e.parentElement) : [0, 0, 0];
    return [r, g, b].map((c, i) => a * c + (1 - a) * under[i]);
  };
  return [...document.querySelectorAll('.navbar a.nav-link, #quarto-sidebar a, nav[role=doc-toc] a, .breadcrumb-item a, .breadcrumb-item, .nav-page a, .toc-actions a, main p, main a, main pre, main code, main code span, figcaption')]
    .filter(e => e.getClientRects().length && e.innerText.trim()).map(e => {
      const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
      return [(a + .05) / (b + .05), `${e.tagName} ${e.className} ${e.innerText}`.slice(0, 60)];
    }).filter(([c]) => c < 4.5).map(([c, what]) => `${what}: contrast ${c.toFixed(2)}`);
}"""


def rendered(browser, made, shots, docs):
    "Every page that Quarto made in the folder `made`, in both themes, in a wide and in a narrow window; its whole picture goes to `shots`."
    quiet = type('Quiet', (SimpleHTTPRequestHandler,), dict(log_message=lambda *args: None))
    web = ThreadingHTTPServer(('127.0.0.1', 0), partial(quiet, directory=made))
    Thread(target=web.serve_forever, daemon=True).start()
    address = f'http://127.0.0.1:{web.server_port}'
    section = {re.sub(r'(^|/)\d+_', r'\1', source).removesuffix('.ipynb'): title for title, source in SITE['sidebar']()}
    for theme in ('light', 'dark'):
        problems = []
        page = new_page(browser, 1280, 900, problems, color_scheme=theme)
        page.route(lambda asked: not asked.startswith(address), lambda route: route.abort())
        paths = sorted(made.rglob('*.html'))
        check(f'rendered site, {theme}: {len(paths)} pages', len(paths) == len(section))
        for path in paths:
            name, faults = path.relative_to(made).with_suffix('').as_posix(), []
            problems.clear()
            page.goto(f'{address}/{name}.html', wait_until='load')
            page.locator('img').evaluate_all('all => Promise.all(all.map(e => { e.loading = "eager"; return e.decode().catch(() => 0) }))')
            faults += [p for p in problems if not FETCHED.search(p)]
            faults += page.locator('img').evaluate_all("""all => all.filter(e => !e.naturalWidth || !e.height || !e.alt.trim())
                .map(e => `image ${e.src.slice(-60)} is empty or has no alternative text`)""")
            active = page.locator('.navbar a.nav-link.active').all_inner_texts()
            if [a.strip() for a in active] != [section[name]]: faults.append(f'active are {active} in place of {section[name]}')
            if 'Traceback (most recent call last)' in page.locator('main').inner_text(): faults.append('shows a traceback')
            faults += sorted(set(page.evaluate(CONTRASTS)))
            for width in (1280, 400):
                page.set_viewport_size(dict(width=width, height=900))
                page.wait_for_timeout(150)
                wide = page.evaluate('document.documentElement.scrollWidth')
                if wide > width: faults.append(f'{wide} px wide in a window of {width}')
                faults += [f'cut off at {width}: {what}' for what in page.evaluate(CUT)]
                page.screenshot(path=shots / f'site_{name.replace("/", "_")}_{theme}_{width}.png', full_page=True)
            page.set_viewport_size(dict(width=1280, height=900))
            check(f'rendered site, {theme}: {name}', not faults, '; '.join(faults)[:2000])
        page.close()
    web.shutdown()


def main(shots, docs, made):
    shots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch, sync_playwright() as p:
        folder = Path(scratch, 'work')
        folder.mkdir()
        write_notebook(folder)
        for plugin, settings in (('notification', dict(fetchNews='false', checkForUpdates=False)),):
            path = Path(scratch, 'settings', '@jupyterlab', 'apputils-extension', f'{plugin}.jupyterlab-settings')
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(settings))
        browser = p.chromium.launch(executable_path=shutil.which('google-chrome') or debian.find('chromium'), args=[
            '--no-sandbox', '--disable-gpu', '--disable-background-networking'])
        print(f'Chromium {browser.version}')
        try:
            for part in (rendered,) if made else (lab, notebook, voila, exported, site):
                try: part(browser, made or folder, shots, docs)
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
    parser.add_argument('--rendered', type=Path, metavar='FOLDER', help='only look at the pages that Quarto made there, _docs')
    parser.add_argument('--docs', action='store_true', help='also make those that the documentation shows')
    args = parser.parse_args()
    sys.exit(main(args.folder, ROOT / 'nbs' / 'screenshots' if args.docs else None, args.rendered))
