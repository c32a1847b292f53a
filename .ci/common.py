"""What the scripts of .ci/ share: paths, the report of checks, commands, browsers, notebooks."""
import re
import shutil
import subprocess
import time
import traceback
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import nbformat
import yaml

ROOT = Path(__file__).resolve().parent.parent
NBS = ROOT / 'nbs'
NOTEBOOKS = sorted(p for p in NBS.rglob('*.ipynb') if '.ipynb_checkpoints' not in p.parts)
TRACEBACK = 'Traceback (most recent call last)'
# A path that tells of the machine on which a cell ran.
MACHINE_PATH = re.compile(r'(?<!\.)/(?:home|root|tmp|work|Users)/')


class Report:
    "Prints each check as it ends; the last line is `N passed, M failed`."

    def __init__(self, only_failures: bool = False):
        self.passed = self.failed = 0
        self.only_failures = only_failures

    def say(self, name, ok, detail=''):
        self.passed += bool(ok)
        self.failed += not ok
        if ok and self.only_failures: return
        print('ok    ' if ok else 'FAILED', name, f'({detail})' if detail else '', flush=True)

    def run(self, name, test, *args, **kwargs):
        "One test, which fails by raising; what it returns is shown."
        began = time.monotonic()
        try: detail = test(*args, **kwargs)
        except Exception as e:
            expected = isinstance(e, AssertionError) and str(e)
            self.say(name, False, str(e) if expected else traceback.format_exc())
        else:
            took = f'{time.monotonic() - began:.0f} s'
            self.say(name, True, f'{detail}; {took}' if detail else took)

    def end(self) -> int:
        "The exit status."
        print(f'{self.passed} passed, {self.failed} failed')
        return 0 if self.passed and not self.failed else 1


def sh(*command, cwd=ROOT) -> str:
    "Standard output and error of a command that must succeed."
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, f'{" ".join(map(str, command))}\n{done.stdout}'
    return done.stdout


# --- JavaScript and browsers

def node(code, given='') -> str:
    "What JavaScript prints that gets text as its input; WEB in it is where rate/web/ is."
    start = f'const WEB = {(ROOT / "rate/web").as_uri()!r};'
    return subprocess.run(['node', '--input-type=module', '-e', start + code], input=given,
                          check=True, stdout=subprocess.PIPE, text=True).stdout


class Files(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {'.mjs': 'text/javascript'}

    def __init__(self, *args, at, **more):
        self.at = at
        super().__init__(*args, **more)

    def log_message(self, *args): pass

    def translate_path(self, path): return super().translate_path(path.removeprefix(self.at))


@contextmanager
def served(folder, at=''):
    "The address of a folder's files; a path to them may begin with `at`."
    server = ThreadingHTTPServer(('127.0.0.1', 0), partial(Files, directory=folder, at=at))
    Thread(target=server.serve_forever, daemon=True).start()
    try: yield f'http://127.0.0.1:{server.server_port}'
    finally: server.shutdown()


@contextmanager
def chromium():
    "A headless browser."
    from playwright.sync_api import sync_playwright
    path = shutil.which('google-chrome') or shutil.which('chromium')
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[
            '--no-sandbox', '--disable-gpu', '--disable-background-networking'])
        try: yield browser
        finally: browser.close()


# --- notebooks

def processed() -> Path:
    "The folder with all notebooks as nbdev processes them for the site."
    from nbdev.quarto import refresh_quarto_yml
    from nbdev.serve import proc_nbs
    refresh_quarto_yml()
    return Path(proc_nbs(n_workers=0, force=True))


def read(path: Path): return nbformat.read(path, as_version=4)


def directives(cell) -> dict[str, str]:
    "What the lines `#| name: value` of a cell say."
    found = re.findall(r'^#\| *([\w-]+) *:? *(.*?) *$', cell.source, re.M)
    return {name: value.strip('"') for name, value in found}


def plain(text) -> str:
    "Markdown without what only Quarto reads: attributes of links, fences of divs."
    text = re.sub(r'(\]\([^()\s]+\))\{[^}\n]*\}', r'\1', ''.join(text))
    return re.sub(r'^:::+.*$', '', text, flags=re.M)


def html_of(markdown: str):
    "The HTML that nbs/43_showdoc.ipynb put into an output's raw block; None if there is none."
    from rate._showdoc import RAW
    found = RAW.search(''.join(markdown))
    return found and found[2]


def page(path: Path):
    """A processed notebook as a reader sees it: its header, the notebook without raw cells,
    directives, code and outputs that are not shown; and each figure's cell and alternative text.
    Outputs of HTML are as they were before they went into raw blocks."""
    nb, figures = read(path), []
    first = nb.cells[0] if nb.cells else None
    header = yaml.safe_load(first.source.strip().strip('-')) if first.cell_type == 'raw' else {}
    nb.cells = [c for c in nb.cells if c.cell_type != 'raw']
    for c in nb.cells:
        if c.cell_type != 'code': continue
        said = directives(c)
        c.source = re.sub(r'^#\|.*\n?', '', c.source, flags=re.M)
        hidden = 'false' in (said.get('echo'), said.get('include'))
        if hidden: c.metadata['transient'] = {'remove_source': True}
        if said.get('include') == 'false': c.outputs = []
        for data in (o.data for o in c.outputs if 'data' in o):
            html = html_of(data.get('text/markdown', ''))
            if html: data['text/html'] = html
        figures += [(c, said.get('fig-alt')) for o in c.outputs if 'image/png' in o.get('data', {})]
    return header, nb, figures
