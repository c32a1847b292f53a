"""The checks of .ci/run, each printed as it ends; called there, inside the fresh environment."""
import json
import re
import shutil
import subprocess
import sys
import traceback
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted(p for p in (ROOT / 'nbs').rglob('*.ipynb') if '.ipynb_checkpoints' not in p.parts)
CELLS = {p: json.loads(p.read_text(encoding='utf-8'))['cells'] for p in NOTEBOOKS}
results = []


def check(name, test, *args, **kwargs):
    "Run one test; it fails by raising."
    print(f'--- {name}', flush=True)
    try: test(*args, **kwargs)
    except Exception as e:
        print(f'FAILED {name}: {e}' if isinstance(e, AssertionError) else traceback.format_exc(), flush=True)
        results.append(False)
    else: results.append(True)


def sh(*command, cwd=ROOT):
    "Standard output and error of a command that must succeed."
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, f'{" ".join(map(str, command))}\n{done.stdout}'
    return done.stdout


def source(cell): return ''.join(cell['source'])


def readme_test(path, log, status):
    "What the README's own nbdev_test said of a notebook."
    failed = log.partition('Tests Failed On The Following Notebooks')[2]
    assert status == 0 or (failed and path.name not in failed), 'see the output above'


def unchanged(command):
    files = [p for folder in ('nbs', 'rate') for p in (ROOT / folder).rglob('*')
             if p.is_file() and p.suffix in ('.ipynb', '.py') and '.ipynb_checkpoints' not in p.parts]
    before = {p: p.read_bytes() for p in files}
    sh(command)
    changed = [p for p, data in before.items() if not p.exists() or p.read_bytes() != data]
    for p in changed: p.write_bytes(before[p])
    assert not changed, f'{command} would change {", ".join(str(p.relative_to(ROOT)) for p in changed)}'


def outputs(path):
    for i, cell in enumerate(CELLS[path]):
        for out in cell.get('outputs', []):
            assert out['output_type'] != 'error', f'cell {i} stores an error'
            text = json.dumps({k: v for k, v in out.items() if k != 'data'} | {'text': out.get('data', {}).get('text/plain', '')})
            assert out.get('name') != 'stderr', f'cell {i} stores standard error: {text[:200]}'
            assert not re.search(r'(?<!\.)/(?:home|root|tmp|work|Users)/', text), f'cell {i} stores a path: {text[:200]}'


def links(path):
    for cell in CELLS[path]:
        if cell['cell_type'] != 'markdown': continue
        for target in re.findall(r'\]\((?!https?:|#|mailto:)([^)#\s]+)', source(cell)):
            assert (path.parent / target).exists(), f'link to {target}'


def tree(scratch):
    "Nothing that the checks ran left a file behind or changed one."
    before, now = (scratch / 'tree').read_text(), sh('git', 'status', '--porcelain')
    assert now == before, f'before:\n{before}now:\n{now}'


def versions():
    patterns = {'settings.ini': r'^version *= *(\S+)', 'rate/__init__.py': r'__version__ = "(.*)"', 'CITATION.cff': r'^version: (\S+)',
                'CHANGELOG.md': r'^## (\d\S*)'}
    found = {file: re.search(p, (ROOT / file).read_text(encoding='utf-8'), re.M)[1] for file, p in patterns.items()}
    assert len(set(found.values())) == 1, found


def quarto(scratch):
    "The site as nbdev_docs makes it, in a copy, since it may remake README.md in another form; every page of it in a browser."
    copy = scratch / 'copy'
    for name in sh('git', 'ls-files').splitlines():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name, follow_symlinks=False)
    said = sh('nbdev_docs', cwd=copy)
    assert not re.search(r'WARN.*(unable to resolve|not found|missing|does not exist|could not convert)', said, re.I), said
    for page in (copy / '_docs').rglob('*.html'):
        twin = page.with_name(f'{page.name}.md')
        prose = re.sub(r'^ *(`{3,}).*?^ *\1', '', twin.read_text(encoding='utf-8'), flags=re.M | re.S)
        for target in re.findall(r'\]\((?![a-z]+:|#)([^)#\s]+)', prose):
            assert (twin.parent / target).exists(), f'{twin.name} links to {target}'
    script('browser.py', '--rendered', copy / '_docs', needs=('playwright',))


def script(name, *args, needs=()):
    "A test of .ci/ with a report of its own, which is shown; `needs` are packages that it alone needs."
    if needs: sh(sys.executable, '-m', 'pip', 'install', '-q', '-c', 'constraints.txt', *needs)
    print(sh(sys.executable, f'.ci/{name}', *args), flush=True)


MODULES = ', '.join(f'rate.{p.stem}' for p in sorted((ROOT / 'rate').glob('[a-z]*.py')))
# Any look-up of a name or connection ends the process, whoever asks for it.
OFFLINE = f"""
import os, sys
def refuse(event, args):
    if event in ('socket.getaddrinfo', 'socket.gethostbyname', 'socket.connect'): print(event, args, flush=True); os._exit(1)
sys.addaudithook(refuse)
import {MODULES}
for name in ('go_nogo', 'xor', 'mante'):
    net, task = rate.load_pretrained(name), rate.TaskFactory.create_task(name)
    assert rate.evaluate(net, task, 20, seed=0).accuracy > .8, name
rate.lesion_explorer(net, task), rate.trial_player(net, task)
sys.exit(rate.cli.main(['go-nogo', '--N', '20', '--n_trials', '20']))
"""


def packages(scratch):
    "Wheel and sdist hold all of the package; the wheel, in an environment of its own and away from the tree, does its work offline."
    sh(sys.executable, '-m', 'build', '--outdir', scratch / 'dist', ROOT)
    (wheel,), (sdist,) = (scratch / 'dist').glob('*.whl'), (scratch / 'dist').glob('*.tar.gz')
    ours = {p.relative_to(ROOT / 'rate') for p in (ROOT / 'rate').rglob('*') if p.is_file() and '__pycache__' not in p.parts}
    sh(sys.executable, '-m', 'pip', 'install', '--quiet', '--no-deps', '--target', scratch / 'site', sdist)
    sh(sys.executable, '-m', 'venv', scratch / 'new')
    python = scratch / 'new' / 'bin' / 'python'
    sh(python, '-m', 'pip', 'install', '--quiet', '-c', ROOT / 'constraints.txt', wheel)
    site, = (scratch / 'new' / 'lib').glob('python*/site-packages')
    for what, folder in (('wheel', site), ('sdist', scratch / 'site')):
        installed = {p.relative_to(folder / 'rate') for p in (folder / 'rate').rglob('*') if p.is_file() and '__pycache__' not in p.parts}
        assert installed == ours, f'the {what} differs in {sorted(map(str, installed ^ ours))}'
    sh(python, '-m', 'pip', 'check')
    sh(python, '-c', OFFLINE, cwd=scratch)
    size = sum(p.stat().st_size for p in (site / 'rate').rglob('*') if '__pycache__' not in p.parts and p.is_file())
    print(f'wheel {wheel.stat().st_size / 1e3:.0f} kB, installed {size / 1e3:.0f} kB')


def first_network(scratch):
    said = sh('rate_train', 'go-nogo', cwd=scratch)
    assert 'criterion reached' in said, said
    files = {p.name for p in (scratch / 'rate_runs' / 'go_nogo_N200_seed0').iterdir()}
    assert files == {'model.mat', 'model.pth', 'report.png'}, files


def main(scratch, status):
    log = (scratch / 'log').read_text(encoding='utf-8', errors='replace')
    for path in NOTEBOOKS:
        name = path.relative_to(ROOT)
        check(f'{name} under README\'s command', readme_test, path, log, status)
        if any(re.search(r'^#\| *slow', source(c), re.M) for c in CELLS[path]):
            check(f'{name} with its slow cells', sh, 'nbdev_test', '--flags', 'slow', '--path', str(path), '--n_workers', '0')
        check(f'{name}: stored outputs', outputs, path)
        check(f'{name}: links', links, path)
    check('README\'s rate_train go-nogo', first_network, scratch)
    for command in ('nbdev_export', 'nbdev_clean'): check(f'{command} changes nothing', unchanged, command)
    check('README.md and its figures are those of index.ipynb', sh, sys.executable, '.ci/readme.py', '--check')
    check('the site: pages, links, anchors, images, names', sh, sys.executable, '.ci/site.py')
    check('trainings that are killed', script, 'kills.py')
    check('files that are damaged or hostile', script, 'fuzz.py')
    check('the widgets and the site in a browser', script, 'browser.py', needs=('playwright', 'voila', 'notebook'))
    if shutil.which('quarto'): check('the site as Quarto makes it, in a browser', quarto, scratch)
    check('CITATION.cff is YAML', lambda: yaml.safe_load((ROOT / 'CITATION.cff').read_text())['authors'])
    check('installed versions agree', sh, sys.executable, '-m', 'pip', 'check')
    check('all modules import without a warning', sh, sys.executable, '-W', 'error', '-c', f'import {MODULES}')
    check('sdist and wheel', packages, scratch)
    check('one version everywhere', versions)
    check('the tree is as it was', tree, scratch)
    print(f'{sum(results)} passed, {len(results) - sum(results)} failed')
    return 0 if all(results) else 1


if __name__ == '__main__': sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
