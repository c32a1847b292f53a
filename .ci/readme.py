"""Make README.md from nbs/index.ipynb. `--check` writes nothing and fails where README.md or its figures are out of step.

The notebook as nbdev processes it for the site goes through Quarto where that is installed, through nbconvert otherwise. Both
results are brought to one form here: title and purpose on top, figures in index_files/, links that work in the repository."""
import difflib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import yaml
from nbconvert import MarkdownExporter
from nbdev.quarto import refresh_quarto_yml
from nbdev.serve import proc_nbs

ROOT = Path(__file__).resolve().parent.parent
NBS, README, FIGURES = ROOT / 'nbs', ROOT / 'README.md', ROOT / 'index_files'
NOTE = '<!-- Made from nbs/index.ipynb by .ci/readme.py. Edit the notebook. -->'


def processed() -> Path:
    refresh_quarto_yml()
    return Path(proc_nbs(n_workers=0, force=True)) / 'index.ipynb'


def by_nbconvert(path: Path) -> tuple[str, dict[str, bytes]]:
    "Markdown and figures by name."
    nb = nbformat.read(path, as_version=4)
    nb.cells = [c for c in nb.cells if c.cell_type != 'raw']
    for c in nb.cells:
        if re.search(r'^#\| *echo: *false', c.source, re.M): c.metadata['transient'] = {'remove_source': True}
        c.source = re.sub(r'^#\|.*\n', '', c.source, flags=re.M)
    nb.metadata.language_info = {'name': 'python'}
    text, resources = MarkdownExporter().from_notebook_node(nb)
    return text, resources['outputs']


def by_quarto(path: Path) -> tuple[str, dict[str, bytes]]:
    subprocess.run(['quarto', 'render', path.name, '-o', 'README.md', '-t', 'gfm', '--no-execute'], cwd=path.parent, check=True)
    out = path.parent / '_docs'
    text = (out / 'README.md').read_text(encoding='utf-8')
    return text, {str(p.relative_to(out)): p.read_bytes() for p in out.glob('index_files/**/*.png')}


def one_form(path: Path, text: str, figures: dict[str, bytes]) -> tuple[str, dict[str, bytes]]:
    header = yaml.safe_load(nbformat.read(path, as_version=4).cells[0].source.strip().strip('-'))
    body = re.sub(r'^.*?<!-- WARNING.*?-->', '', text, flags=re.S)
    used, alt = {}, alt_texts(path)

    def figure(match):
        if (NBS / (match[1] or match[2])).is_file(): return match[0].replace(match[1] or match[2], f'nbs/{match[1] or match[2]}')
        name = f'index_files/figure-{len(used) + 1}.png'
        used[name] = figures[match[1] or match[2]]
        return f'![{alt[len(used) - 1]}]({name})'

    def link(match):
        stem = re.sub(r'(^|/)\d+_', r'\1', match[1])
        for p in NBS.rglob('*.ipynb'):
            rel = p.relative_to(NBS)
            if re.sub(r'(^|/)\d+_', r'\1', rel.with_suffix('').as_posix()) == stem: return f'](nbs/{rel.as_posix()}{match[2] or ""})'
        raise SystemExit(f'index.ipynb links to {match[1]}, which no notebook is')

    body = re.sub(r'<figure>\s*(.*?)\s*(?:<figcaption.*?</figcaption>\s*)?</figure>', r'\1', body, flags=re.S)
    body = re.sub(r'!\[[^]]*\]\(([^)]+\.png)\)|<img src="([^"]+\.png)"[^>]*>', figure, body)
    body = re.sub(r'\]\((?!https?:)([^)#]+)\.(?:ipynb|html|md)(#[^)]*)?\)', link, body)
    body = re.sub(r'^(`{3,}) +(\w)', r'\1\2', body, flags=re.M)
    body = re.sub(r'[ \t]+$', '', body, flags=re.M)
    body = re.sub(r'\n{3,}', '\n\n', body).strip()
    return f'# {header["title"]}\n\n{NOTE}\n\n> {header["description"]}\n\n{body}\n', used


def alt_texts(path: Path) -> list[str]:
    "What `#| fig-alt:` says of each figure in turn."
    return [match[1] if (match := re.search(r'^#\|\s*fig-alt:\s*"?(.*?)"?$', c.source, re.M)) else 'Figure'
            for c in nbformat.read(path, as_version=4).cells if c.cell_type == 'code'
            for o in c.outputs if 'image/png' in o.get('data', {})]


def loosely(text: str) -> str:
    "The text without what Quarto and nbconvert lay out differently: line breaks, padding of tables, quotation marks, escapes."
    def prose(part):
        part = part.translate({ord(a): b for a, b in zip('‘’“”–—…', ("'", "'", '"', '"', '--', '---', '...'))})
        part = re.sub(r'\|:?-+:?(?=\|)', '|---', re.sub(r' *\| *', '|', part))
        return re.sub(r'\s+', ' ', re.sub(r'\\(?=[^\w\s])', '', part))

    parts = re.split(r'^(```.*?^```)$', text, flags=re.M | re.S)
    return '\n'.join(part if i % 2 else prose(part) for i, part in enumerate(parts))


def main(check: bool) -> int:
    path = processed()
    text, figures = one_form(path, *(by_quarto if shutil.which('quarto') else by_nbconvert)(path))
    have = README.read_text(encoding='utf-8') if README.is_file() else ''
    same = loosely(have) == loosely(text)
    stale = [n for n, data in figures.items() if not (ROOT / n).is_file() or (ROOT / n).read_bytes() != data]
    if check:
        if not same: print(*difflib.unified_diff(have.splitlines(), text.splitlines(), 'README.md', 'index.ipynb', lineterm=''), sep='\n')
        if stale: print('figures out of step:', *stale)
        return 0 if same and not stale else 1
    if not same: README.write_text(text, encoding='utf-8')
    shutil.rmtree(FIGURES, ignore_errors=True)
    for name, data in figures.items():
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_bytes(data)
    return 0


if __name__ == '__main__': sys.exit(main('--check' in sys.argv[1:]))
