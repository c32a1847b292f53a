"""The checks of .ci/run, each printed as it ends; called there, inside the fresh environment."""
import ast
import json
import re
import shutil
import sys
from pathlib import Path

import yaml
from common import MACHINE_PATH, NOTEBOOKS, ROOT, Report, chromium, directives, read, sh

VERSIONS = {'settings.ini': r'^version *= *(\S+)', 'rate/__init__.py': r'__version__ = "(.*)"',
            'CITATION.cff': r'^version: (\S+)', 'CHANGELOG.md': r'^## (\d\S*)'}
MODULES = ', '.join(f'rate.{p.stem}' for p in sorted((ROOT / 'rate').glob('[a-z]*.py')))
BROWSER = 'playwright', 'axe-playwright-python'
# Any look-up of a name or connection ends the process, whoever asks for it.
OFFLINE = f"""
import os, sys
def refuse(event, args):
    if event in ('socket.getaddrinfo', 'socket.gethostbyname', 'socket.connect'):
        print(event, args, flush=True)
        os._exit(1)
sys.addaudithook(refuse)
import {MODULES.replace(', rate.neurogym', '')}
try: import rate.neurogym
except ImportError as e: assert "pip install 'rate[neurogym]'" in str(e), e
else: raise AssertionError('NeuroGym is not among the requirements')
for name in rate.pretrained.PRETRAINED:
    task = rate.TaskFactory.create_task(rate.pretrained_card(name)['task'])
    net = rate.load_pretrained(name)
    assert rate.evaluate(net, task, 20, seed=0).accuracy > .8, name
net, task = rate.load_pretrained('go_nogo'), rate.GoNogoTask()
rate.lesion_explorer(net, task).save_html('explorer.html')
rate.trial_player(net, task)
sys.exit(rate.cli.main(['go-nogo', '--N', '20', '--max_trials', '20']))
"""
NOT_THERE = r'WARN.*(unable to resolve|not found|missing|does not exist|could not convert)'


def succeeds(*command): sh(*command)


def pip(*args, python=sys.executable): sh(python, '-m', 'pip', *args)


def script(name, *args, needs=()):
    "A test of .ci/ with a report of its own, which is shown; `needs` are packages for it alone."
    if needs: pip('install', '-q', '-c', 'constraints.txt', *needs)
    print(sh(sys.executable, f'.ci/{name}', *args), flush=True)


def files(folder, *suffixes):
    "All files in the folder but for caches, of some kinds if suffixes are given."
    return {p for p in folder.rglob('*') if p.is_file() and p.suffix in (suffixes or (p.suffix,))
            and not {'__pycache__', '.ipynb_checkpoints'} & {*p.parts}}


# --- notebooks

def readme_test(path, log, status):
    "What the README's own nbdev_test said of a notebook."
    failed = log.partition('Tests Failed On The Following Notebooks')[2]
    assert status == 0 or (failed and path.name not in failed), 'see the output above'


def outputs(cells):
    for i, cell in enumerate(cells):
        for out in cell.get('outputs', []):
            kept = {k: v for k, v in out.items() if k != 'data'}
            text = json.dumps([kept, out.get('data', {}).get('text/plain', '')])
            assert out.output_type != 'error', f'cell {i} stores an error'
            assert out.get('name') != 'stderr', f'cell {i} stores standard error: {text[:200]}'
            assert not MACHINE_PATH.search(text), f'cell {i} stores a path: {text[:200]}'


def links(cells, folder):
    for cell in cells:
        if cell.cell_type != 'markdown': continue
        for target in re.findall(r'\]\((?!https?:|#|mailto:)([^)#\s]+)', cell.source):
            assert (folder / target).exists(), f'link to {target}'


def unchanged(command):
    found = files(ROOT / 'nbs', '.ipynb', '.py') | files(ROOT / 'rate', '.ipynb', '.py')
    before = {p: p.read_bytes() for p in found}
    sh(command)
    changed = [p for p, data in before.items() if not p.exists() or p.read_bytes() != data]
    for p in changed: p.write_bytes(before[p])
    names = [str(p.relative_to(ROOT)) for p in changed]
    assert not names, f'{command} would change {", ".join(names)}'


# --- the rest

def first_network(scratch):
    said = sh('rate_train', 'go-nogo', cwd=scratch)
    assert 'criterion reached' in said, said
    made = {p.name for p in files(scratch / 'rate_runs' / 'go_nogo_N200_seed0')}
    assert made == {'model.mat', 'model.pth', 'report.png'}, made


def quarto(scratch):
    """The site as nbdev_docs makes it, in a copy, since it may remake README.md in another form;
    every page of it in a browser."""
    copy = scratch / 'copy'
    for name in sh('git', 'ls-files').splitlines():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name, follow_symlinks=False)
    said = sh('nbdev_docs', cwd=copy)
    assert not re.search(NOT_THERE, said, re.I), said
    for page in files(copy / '_docs', '.html'):
        if page.name == '404.html': continue
        twin = page.with_name(f'{page.name}.md')
        text = twin.read_text(encoding='utf-8')
        prose = re.sub(r'^ *(`{3,}).*?^ *\1|^ {4}.*?$', '', text, flags=re.M | re.S)
        for target in re.findall(r'\]\((?![a-z]+:|#)([^)#\s]+)', prose):
            assert (twin.parent / target).exists(), f'{twin.name} links to {target}'
    script('browser.py', '--rendered', copy / '_docs', needs=BROWSER)


def packages(scratch):
    """Wheel and sdist hold all of the package; the wheel, in an environment of its own and away
    from the tree, does its work offline."""
    sh(sys.executable, '-m', 'build', '--outdir', scratch / 'dist', ROOT)
    (wheel,), (sdist,) = (scratch / 'dist').glob('*.whl'), (scratch / 'dist').glob('*.tar.gz')
    pip('install', '--quiet', '--no-deps', '--target', scratch / 'site', sdist)
    sh(sys.executable, '-m', 'venv', scratch / 'new')
    python = scratch / 'new' / 'bin' / 'python'
    pip('install', '--quiet', '-c', ROOT / 'constraints.txt', wheel, python=python)
    site, = (scratch / 'new' / 'lib').glob('python*/site-packages')
    for folder in (site, scratch / 'site'):
        installed, ours = ({p.relative_to(where) for p in files(where / 'rate')}
                           for where in (folder, ROOT))
        ours.remove(Path('rate/_showdoc.py'))  # serves the documentation alone
        assert installed == ours, f'{folder} differs in {sorted(map(str, installed ^ ours))}'
    pip('check', python=python)
    sh(python, '-c', OFFLINE, cwd=scratch)
    shows(scratch / 'explorer.html')
    size = sum(p.stat().st_size for p in files(site / 'rate'))
    return f'wheel {wheel.stat().st_size / 1e3:.0f} kB, installed {size / 1e3:.0f} kB'


def shows(path):
    "The explorer in a file runs its network."
    pip('install', '-q', '-c', ROOT / 'constraints.txt', 'playwright')
    with chromium() as browser:
        page, errors = browser.new_page(), []
        page.on('pageerror', lambda error: errors.append(error))
        page.goto(path.as_uri())
        page.locator('.explorer[data-scored]').wait_for()
        said = page.locator('.accuracy').inner_text()
        assert said.endswith('% right') and not errors, f'{said} {errors}'


def versions():
    found = {file: re.search(pattern, (ROOT / file).read_text(encoding='utf-8'), re.M)[1]
             for file, pattern in VERSIONS.items()}
    assert len(set(found.values())) == 1, found


def floors():
    """A module imports only modules of lower numbers, but for what it imports lazily; and the names
    that the package offers are those that type checkers see."""
    number = {}
    for path in NOTEBOOKS:
        found = re.search(r'default_exp (\w+)', ''.join(cell.source for cell in read(path).cells))
        if found: number[found[1]] = int(path.name[:2])
    for module, own in number.items():
        for node in ast.parse((ROOT / 'rate' / f'{module}.py').read_text(encoding='utf-8')).body:
            if not isinstance(node, ast.ImportFrom) or node.level != 1: continue
            for name in [node.module] if node.module else [alias.name for alias in node.names]:
                assert number[name] < own, f'{module} imports {name}'
    package = ast.parse((ROOT / 'rate' / '__init__.py').read_text(encoding='utf-8'))
    typed, = (node for node in package.body if isinstance(node, ast.If))
    seen = {name.name: node.module for node in typed.body for name in node.names}
    sys.path.insert(0, str(ROOT))
    import rate
    assert seen == rate._HOME, set(seen.items()) ^ set(rate._HOME.items())


def tree(scratch):
    "Nothing that the checks ran left a file behind or changed one."
    before, now = (scratch / 'tree').read_text(), sh('git', 'status', '--porcelain')
    assert now == before, f'before:\n{before}now:\n{now}'


def main(scratch, status):
    log = (scratch / 'log').read_text(encoding='utf-8', errors='replace')
    report = Report()

    def check(name, *test, **kwargs):
        print(f'--- {name}', flush=True)
        report.run(name, *test, **kwargs)

    for path in NOTEBOOKS:
        name, cells = path.relative_to(ROOT), read(path).cells
        check(f'{name} under README\'s command', readme_test, path, log, status)
        if any('slow' in directives(c) for c in cells):
            check(f'{name} with its slow cells', succeeds, 'nbdev_test', '--flags', 'slow',
                  '--path', str(path), '--n_workers', '0')
        check(f'{name}: stored outputs', outputs, cells)
        check(f'{name}: links', links, cells, path.parent)
    check('README\'s rate_train go-nogo', first_network, scratch)
    for command in ('nbdev_export', 'nbdev_clean'):
        check(f'{command} changes nothing', unchanged, command)
    check('README.md and its figures are those of index.ipynb', script, 'readme.py', '--check')
    check('the site: pages, links, anchors, images, names', script, 'site.py')
    check('modules import from below, and the package offers what it says', floors)
    if shutil.which('node'):
        check('the modules of rate/web', succeeds, 'node', '--test',
              *map(str, sorted((ROOT / '.ci/web').glob('*.test.mjs'))))
        check('the network of rate/web beside Python, in node and Chromium', script, 'live.py',
              '--browser', needs=('playwright',))
    check('trainings that are killed', script, 'kills.py')
    check('studies: killed, stopped, begun at once, on Slurm', script, 'studies.py',
          needs=('dask-jobqueue', 'cryptography'))
    check('files that are damaged or hostile', script, 'fuzz.py')
    check('the widgets and the site in a browser', script, 'browser.py',
          needs=(*BROWSER, 'voila', 'notebook'))
    if shutil.which('quarto'): check('the site as Quarto makes it, in a browser', quarto, scratch)
    citation = (ROOT / 'CITATION.cff').read_text(encoding='utf-8')
    check('CITATION.cff is YAML', lambda: len(yaml.safe_load(citation)['authors']))
    check('installed versions agree', pip, 'check')
    check('all modules import without a warning', succeeds, sys.executable, '-W', 'error',
          '-c', f'import {MODULES}')
    check('sdist and wheel', packages, scratch)
    check('one version everywhere', versions)
    check('the tree is as it was', tree, scratch)
    return report.end()


if __name__ == '__main__': sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
