"""Make README.md from nbs/index.ipynb. `--check` writes nothing and fails where README.md or its
figures are out of step.

The notebook as nbdev processes it for the site goes through Quarto where that is installed, through
nbconvert otherwise, with a picture in place of what is live. Both results are brought to one form
here: title and purpose on top, figures in index_files/, links that work in the repository."""
import difflib
import re
import shutil
import sys

import nbformat
from common import NBS, NOTEBOOKS, ROOT, page, plain, processed, read, sh
from nbconvert import MarkdownExporter

README, FIGURES = ROOT / 'README.md', ROOT / 'index_files'
NOTE = '<!-- Made from nbs/index.ipynb by .ci/readme.py. Edit the notebook. -->'
TYPOGRAPHY = {'‘': "'", '’': "'", '“': '"', '”': '"', '–': '--', '—': '---', '…': '...'}


def still(path):
    "Leave of the processed notebook what a page without scripts can show."
    from rate._showdoc import RAW
    nb = read(path)
    for cell in nb.cells:
        if cell.cell_type == 'markdown': cell.source = plain(cell.source)
        for data in (o.data for o in cell.get('outputs', []) if 'data' in o):
            markdown = ''.join(data.get('text/markdown', ''))
            if markdown.startswith('::: {.live}'):
                data['text/markdown'] = plain(RAW.sub('', markdown)).strip()
    nbformat.write(nb, path)


def by_nbconvert(nb):
    "Markdown and figures by name."
    nb.metadata.language_info = {'name': 'python'}
    text, resources = MarkdownExporter().from_notebook_node(nb)
    return text, resources['outputs']


def by_quarto(path):
    sh('quarto', 'render', path.name, '-o', 'README.md', '-t', 'gfm', '--no-execute',
       cwd=path.parent)
    out = path.parent / '_docs'
    figures = {str(p.relative_to(out)): p.read_bytes() for p in out.glob('index_files/**/*.png')}
    return (out / 'README.md').read_text(encoding='utf-8'), figures


def number_free(name): return re.sub(r'(^|/)\d+_', r'\1', name)


def one_form(header, alts, text, figures):
    "README.md, and its figures by path."
    used = {}
    pages = {number_free(p.relative_to(NBS).with_suffix('').as_posix()): p for p in NOTEBOOKS}

    def figure(match):
        path = match[1] or match[2]
        if (NBS / path).is_file(): return match[0].replace(path, f'nbs/{path}')
        name = f'index_files/figure-{len(used) + 1}.png'
        used[name] = figures[path]
        return f'![{alts[len(used) - 1]}]({name})'

    def link(match):
        page = pages.get(number_free(match[1]))
        if not page: raise SystemExit(f'index.ipynb links to {match[1]}, which no notebook is')
        return f']({page.relative_to(ROOT).as_posix()}{match[2] or ""})'

    body = re.sub(r'^.*?<!-- WARNING.*?-->', '', text, flags=re.S)
    caption = r'(?:<figcaption.*?</figcaption>\s*)?'
    for pattern, new in (
            (rf'(?s)<figure>\s*(.*?)\s*{caption}</figure>', r'\1'),
            (r'!\[[^]]*\]\(([^)]+\.png)\)|<img src="([^"]+\.png)"[^>]*>', figure),
            (r'\]\((?!https?:)([^)#]+)\.(?:ipynb|html|md)(#[^)]*)?\)', link),
            (r'(?m)^(`{3,}) +(\w)', r'\1\2'), (r'(?m)[ \t]+$', ''), (r'\n{3,}', '\n\n')):
        body = re.sub(pattern, new, body)
    top = f'# {header["title"]}\n\n{NOTE}\n\n> {header["description"]}'
    return f'{top}\n\n{body.strip()}\n', used


def loosely(text):
    """The text without what Quarto and nbconvert lay out differently: line breaks, padding of
    tables, quotation marks, escapes."""
    def prose(part):
        part = part.translate(str.maketrans(TYPOGRAPHY))
        for pattern, new in ((r' *\| *', '|'), (r'\|:?-+:?(?=\|)', '|---'), (r'\\(?=[^\w\s])', ''),
                             (r'\s+', ' ')): part = re.sub(pattern, new, part)
        return part

    parts = re.split(r'^(```.*?^```)$', text, flags=re.M | re.S)
    return '\n'.join(part if i % 2 else prose(part) for i, part in enumerate(parts))


def main(check):
    path = processed() / 'index.ipynb'
    still(path)
    header, nb, figures = page(path)
    alts = [alt or 'Figure' for cell, alt in figures]
    made = by_quarto(path) if shutil.which('quarto') else by_nbconvert(nb)
    text, figures = one_form(header, alts, *made)
    have = README.read_text(encoding='utf-8') if README.is_file() else ''
    same = loosely(have) == loosely(text)
    if check:
        diff = difflib.unified_diff(have.splitlines(), text.splitlines(), lineterm='')
        if not same: print(*diff, sep='\n')
        stale = [name for name, data in figures.items()
                 if not (ROOT / name).is_file() or (ROOT / name).read_bytes() != data]
        if stale: print('figures out of step:', *stale)
        return 0 if same and not stale else 1
    if not same: README.write_text(text, encoding='utf-8')
    shutil.rmtree(FIGURES, ignore_errors=True)
    for name, data in figures.items():
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_bytes(data)
    return 0


if __name__ == '__main__': sys.exit(main('--check' in sys.argv[1:]))
