"""The site, checked without Quarto. `--llms FILE` also writes its llms.txt, an index for programs.
`--live` checks nothing: it renews the live networks that are stored in notebooks.

nbdev processes the notebooks as it does for Quarto, nbconvert makes each page HTML, headings get
the ids that Quarto gives them, and then every link, anchor, image and file that a page or
_quarto.yml names must be there. `pages()` leaves the HTML in a folder."""
import ast
import base64
import importlib
import inspect
import json
import re
import sys
import tempfile
from dataclasses import dataclass, field, is_dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from urllib.parse import unquote

import nbformat
import yaml
from bs4 import BeautifulSoup
from common import (MACHINE_PATH, NBS, NOTEBOOKS, ROOT, TRACEBACK, directives, page, plain,
                    processed, read)
from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell

from rate.plotting import contrast

TAGS = 'a|b|br|div|h[1-6]|i|iframe|li|p|pre|script|span|style|svg|table|t[dhr]|ul'
MARKUP = re.compile(rf'</?(?:{TAGS})\b[^<>]*>|&(?:#x?\w+|quot|lt|gt|amp);')
HEADINGS = re.compile(r'h[1-6]')
# Foreground and background of text in the themes, by the names of their scss variables; and the
# least contrast, WCAG 2.1 AA.
TEXT = [pair.split(' on ') for pair in (
    'body-color on body-bg', 'muted on body-bg', 'link-color on body-bg', 'code-color on code-bg',
    'code-color on body-bg', 'link-color on code-bg', 'body-color on code-bg',
    'navbar-fg on navbar-bg', 'navbar-hl on navbar-bg', 'sidebar-fg on sidebar-bg',
    'sidebar-hl on sidebar-bg')]
AA = 4.5
# What only Quarto reads: fences of divs, attributes.
QUARTO = re.compile(r'^:::|\{[.#][\w-]+[^}\n]*\}', re.M)
# Names of the package that the tutorials hold in back-ticks.
LINKED = {'train', 'report'}


@dataclass
class Page:
    source: str         # its notebook, as seen from nbs/
    url: str            # its HTML, as seen from the root of the site
    title: str
    description: str
    soup: BeautifulSoup
    header: dict = field(default_factory=dict)
    code: list[str] = field(default_factory=list)       # that it shows, cell by cell
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@cache
def config(): return yaml.safe_load((ROOT / '_quarto.yml').read_text(encoding='utf-8'))


def sidebar():
    "The pages in the order of the sidebars, each as its section's title and its notebook."
    return [(bar['title'], entry['href'] if isinstance(entry, dict) else entry)
            for bar in config()['website']['sidebar'] for entry in bar['contents']]


# --- headings and links

def identifier(heading):
    "The id that pandoc gives to a heading."
    text = re.sub(r'[^\w\s.-]', '', heading.lower()).strip()
    return re.sub(r'^[^a-z]+', '', re.sub(r'\s+', '-', text)) or 'section'


def set_ids(soup):
    """Give the headings that come from markdown the ids that they have in Quarto's pages: their
    own, `{#id}`, or one made from the text."""
    taken = {}
    for h in soup.find_all(HEADINGS):
        for link in h.select('.anchor-link'): link.decompose()
        own = re.search(r'\s*\{#([\w.-]+)[^}]*\}\s*$', h.get_text())
        if own:
            last = h.find_all(string=True)[-1]
            last.replace_with(re.sub(r'\s*\{#[^}]*\}\s*$', '', last))
        if h.find_parent(attrs={'data-mime-type': 'text/html'}): continue
        base = own[1] if own else identifier(h.get_text())
        taken[base] = taken.get(base, -1) + 1
        h['id'] = f'{base}-{taken[base]}' if taken[base] else base


class Finder:
    """Looks up every link and image of the pages, and lets each link to a page lead to its HTML.

    `has_file` says whether the site has a file, `has_source` whether the repository has."""

    def __init__(self, pages, has_file, has_source, site_url, repo):
        self.pages = {p.url: p for p in pages} | {p.source: p for p in pages}
        self.ids = {p.url: {e['id'] for e in p.soup.find_all(id=True)} for p in pages}
        self.has_file, self.has_source, self.site_url = has_file, has_source, site_url
        hosts = r'https://(?:github\.com|colab\.research\.google\.com/github)/'
        self.in_repository = re.compile(rf'{hosts}{repo}/(?:blob|tree|edit)/main/([^#?]+)')
        for page in pages:
            for a in page.soup.find_all('a', href=True):
                page.faults += [f'link to {a["href"]}: {fault}' for fault in self.link(page, a)]
            for image in page.soup.find_all('img'):
                faults = self.image(page, image)
                page.faults += [f'image {image.get("src", "")} {fault}' for fault in faults]

    def image(self, page, image):
        src = image.get('src', '')
        if src.startswith(('data:', 'attachment:')): return
        if not image.get('alt', '').strip(): yield 'has no alternative text'
        elsewhere = re.match(r'[a-z]+:', src)
        if not elsewhere and not self.has_file(address(page, unquote(src))): yield 'is not there'

    def link(self, page, a):
        href = unquote(a['href'])
        if found := self.in_repository.match(href):
            if not self.has_source(found[1]): yield f'the repository has no {found[1]}'
            if 'colab.' in href and found[1] != f'nbs/{page.source}':
                yield f'Colab would open another page than {page.source}'
        inside = href == self.site_url or href.startswith(f'{self.site_url}/')
        if re.match(r'[a-z]+:', href) and not inside: return
        if inside: href = href[len(self.site_url) + 1:] or 'index.html'
        path, _, anchor = href.partition('#')
        target = path if inside else address(page, path) if path else page.url
        to = self.pages.get(target)
        if to is None:
            if target.endswith(('.ipynb', '.html')) or not self.has_file(target):
                yield 'no such page or file'
            return
        # nbdev's link to a method without a heading: its class will do
        if inside and '.' in anchor and anchor not in self.ids[to.url]:
            page.remarks.append(f'{to.url} has no #{anchor}, to which nbdev links; show_doc of the '
                                'method would make one')
            anchor = anchor.rpartition('.')[0]
        if anchor and anchor not in self.ids[to.url]: yield f'{to.url} has no #{anchor}'
        here = PurePosixPath(page.url).parent.as_posix()
        a['href'] = (relpath(to.url, here) if path else '') + (f'#{anchor}' if anchor else '')


def address(page, target):
    "`target`, written in the page, as seen from the root of the site."
    return normpath((PurePosixPath(page.source).parent / target).as_posix())


REPO = 'https://github.com/u/r/blob/main/'
COLAB = 'https://colab.research.google.com/github/u/r/blob/main/nbs/'
HEADS = ("Dale's principle", 'E-I, <code>x_t</code> 2.5', 'Own {#mine}', 'Same', 'Same', '1. First')
# Links of a small page, and what the finder says of each.
LINKS = {
    '../02_b.ipynb#there': '', '#dales-principle': '', '#e-i-x_t-2.5': '', '#mine': '',
    '#same-1': '', '#first': '', 'https://site/b.html#there': '', '../data.mat': '',
    'https://elsewhere.org/x.html#y': '', f'{REPO}f.py#L3': '',
    '../03_c.ipynb': 'no such page or file', '../02_b.ipynb#nowhere': 'b.html has no #nowhere',
    '#dale': 'tutorials/a.html has no #dale', 'https://site/c.html': 'no such page or file',
    '02_b.ipynb': 'no such page or file', '../no.mat': 'no such page or file',
    f'{REPO}g.py': 'the repository has no g.py',
    f'{COLAB}02_b.ipynb': 'Colab would open another page than tutorials/01_a.ipynb'}


def test_finder():
    "The finder finds what is wrong in two small pages, and nothing else."
    def small(source, url, html):
        return Page(source, url, '', '', BeautifulSoup(html, 'html.parser'))

    first = small('tutorials/01_a.ipynb', 'tutorials/a.html', '<h1>A</h1>'
                  + ''.join(f'<h2>{head}</h2>' for head in HEADS)
                  + ''.join(f'<a href="{href}">a</a>' for href in LINKS)
                  + '<img src="../b.png" alt="b"> <img src="../b.png"> <img src="no.png" alt="no">')
    second = small('02_b.ipynb', 'b.html',
                   '<h2>There</h2><a href="tutorials/01_a.ipynb#same">good</a>')
    for p in (first, second): set_ids(p.soup)
    Finder([first, second], {'data.mat', 'b.png'}.__contains__,
           {'f.py', 'nbs/02_b.ipynb'}.__contains__, 'https://site', 'u/r')
    expected = [f'link to {href}: {fault}' for href, fault in LINKS.items() if fault]
    expected += ['image ../b.png has no alternative text', 'image no.png is not there']
    assert first.faults == expected, f'found {first.faults}, expected {expected}'
    assert second.faults == [], second.faults
    links = [a['href'] for a in first.soup.find_all('a')]
    assert links[0] == links[6] == '../b.html#there'
    assert first.soup.find(id='mine').get_text() == 'Own'
    for text in ('<div role="status">3</div>', '&#x27;3&#x27;'): assert MARKUP.search(text)
    assert not MARKUP.search('a < b & c > d; <Figure 1>')
    for text in ('::: {.start}', '[a](b.html){.btn}', '## Own {#own}'): assert QUARTO.search(text)
    assert not QUARTO.search("{'a': 1} and $x_{i}$ and `f'{a}'`")
    line = ROOT.joinpath('rate/cli.py').read_text(encoding='utf-8').splitlines()
    at = next(i for i, code in enumerate(line, 1) if code.startswith('def main('))
    for href, good in ((f'cli.py#L{at}', True), (f'cli.py#L{at + 1}', False),
                       ('cli.py#LNone', False), (f'bench.py#L{at}', False)):
        assert good == (not [*check_source('cli', 'main', f'{REPO}rate/{href}', REPO)]), href
    assert round(contrast('#000000', '#FFFFFF'), 2) == 21
    assert round(contrast('#777777', '#FFFFFF'), 2) == 4.48


# --- from notebooks to HTML

def check_output(out):
    "What is wrong with a stored output."
    if out.output_type == 'error': yield f'a cell stores an error: {out.ename}: {out.evalue}'
    data = out.get('data', {})
    text = ''.join(out.get('text', ''))
    if 'text/html' not in data: text += ''.join(data.get('text/plain', ''))
    if MARKUP.search(text): yield f'an output shows HTML as text: {text[:80]!r}'


def is_shown(cell):
    "Whether a page shows the code of a processed cell as its own: not that of the library."
    said = directives(cell)
    return said.get('echo') != 'false' and said.get('code-summary') != 'Exported source'


def convert(path, source, exporter):
    "A processed notebook as a page."
    header, nb, figures = page(path)
    title, description = header.get('title', ''), header.get('description', '')
    faults = [] if title and description else ['the first cell lacks a title or a line of purpose']
    faults += [f'a figure lacks `#| fig-alt`: {c.source[:60]!r}' for c, alt in figures if not alt]
    for c in nb.cells:
        if c.cell_type == 'markdown': c.source = plain(c.source)
        for out in c.get('outputs', []):
            faults += check_output(out)
            data = out.get('data', {})
            if 'text/markdown' in data: data['text/markdown'] = plain(data['text/markdown'])
    nb.cells.insert(0, new_markdown_cell(f'# {title}\n\n> {description}'))
    soup = BeautifulSoup(exporter.from_notebook_node(nb, {'metadata': {'name': title}})[0],
                         'html.parser')
    images = soup.select('.jp-OutputArea img[src^="data:image/png"]')
    for image, (_, alt) in zip(images, figures): image['alt'] = alt or 'Figure'
    head = soup.body.find(HEADINGS)
    head.name = 'header-title'      # the title of the page has no id
    set_ids(soup)
    head.name = 'h1'
    text = soup.body.get_text()
    if TRACEBACK in text: faults.append('shows a traceback')
    if found := MACHINE_PATH.search(text):
        around = text[found.start() - 40:found.end() + 40]
        faults.append(f'shows the path of a machine: ...{around}...')
    place = PurePosixPath(source)
    url = place.parent / header.get('output-file', place.with_suffix('.html').name)
    shown = [c.source for c in read(path).cells if c.cell_type == 'code' and is_shown(c)]
    return Page(source, url.as_posix(), title, description, soup, header, shown, faults)


def build(folder):
    """All pages, with what is wrong in each, written into `folder` together with the other files of
    the site."""
    out, exporter, website = processed(), HTMLExporter(), config()['website']
    # it would take files/ from links to that folder
    exporter.register_filter('strip_files_prefix', lambda text: text)
    site = [convert(p, p.relative_to(out).as_posix(), exporter)
            for p in sorted(out.rglob('*.ipynb'))]
    Finder(site, lambda path: (out / path).is_file(), lambda path: (ROOT / path).exists(),
           website['site-url'], website['repo-url'].removeprefix('https://github.com/'))
    files = {p.relative_to(out): p.read_bytes() for p in out.rglob('*')
             if p.is_file() and p.suffix != '.ipynb'}
    for name, data in (files | {p.url: str(p.soup).encode() for p in site}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return site


def pages(folder=None):
    "The folder, new if none is given, with every page as HTML; its index.html opens in a browser."
    folder = Path(folder or tempfile.mkdtemp(prefix='rate-site-'))
    build(folder)
    return folder


# --- what else must hold; each says what is wrong

def check_config(site, out):
    "What _quarto.yml names must be there; it must name every page, and set what a page needs."
    website, html = config()['website'], config()['format']['html']
    sources, listed, left = {p.source for p in site}, sidebar(), website['navbar']['left']
    section = {source: title for title, source in listed}
    for href in {*section} | {link['href'] for link in left}:
        if href not in sources: yield f'names {href}, which is no page'
    for source in sources - {*section}: yield f'the sidebars lack {source}'
    if len(listed) > len(section): yield 'the sidebars name a page twice'
    # Quarto tells sidebars apart by their ids, and marks the first entry of the navbar that the
    # page's sidebar has
    ids = {bar.get('id') for bar in website['sidebar']} - {None}
    if len(ids) < len(website['sidebar']): yield 'a sidebar has no id of its own'
    for link in left:
        to = section.get(link['href'])
        if to != link['text']: yield f'navbar: {link["text"]} leads into the section {to}'
    if listed[0] != ('Learn', 'index.ipynb'): yield 'the path of learning does not begin at Start'
    for source in sources:
        if source.startswith('tutorials/') and section.get(source) != 'Learn':
            yield f'{source} is not on the path of learning'
    for p in site:
        if p.header.get('toc') is False and p.source != 'index.ipynb':
            yield f'{p.source} has no contents'
        if p.source == 'index.ipynb' and p.header.get('pagetitle', 'rate') == 'rate':
            yield 'the title of Start says nothing'
    pictures = [website['image'], website['open-graph']['image'], website['twitter-card']['image']]
    for name in pictures:
        if name[0] != '/': yield f'{name} is not found from a page in a folder; start it with /'
    for option in ('keep-md', 'respect-user-color-scheme', 'canonical-url'):
        if html.get(option) is not True: yield f'{option} must be true'
    logo = BeautifulSoup((out / website['navbar']['logo']).read_bytes(), 'html.parser').svg
    if not (logo.get('width') and logo.get('height')):
        yield 'the logo has no width and height, so that the navbar shows none'
    if not (out / '404.qmd').exists(): yield 'there is no page for a wrong address, 404.qmd'
    icon = re.search(r'rel="apple-touch-icon" href="([^"]+)"', html['include-in-header']['text'])
    if not icon: yield 'no icon for a phone'
    elif icon[1].lstrip('/') not in config()['project']['resources']: yield f'{icon[1]} is left out'
    styles = [name for names in html['theme'].values() for name in names if name.endswith('.scss')]
    for name in {website['favicon'], website['navbar']['logo'], *pictures, *styles,
                 *config()['project']['resources'], *html['filters'],
                 *config()['format']['commonmark']['filters']}:
        if not (out / name.lstrip('/')).exists(): yield f'names {name}, which is not there'
    if len({p.url for p in site}) < len(site): yield 'two pages have the same address'


def check_contrasts(site, out):
    "Text of the themes is readable."
    for name in ('theme-light.scss', 'theme-dark.scss'):
        scss = (out / name).read_text(encoding='utf-8')
        colors = dict(re.findall(r'^\$([\w-]+): (#[0-9A-Fa-f]{6})', scss, flags=re.M))
        for text, ground in TEXT:
            found = contrast(colors[text], colors[ground])
            if found < AA:
                yield f'{name}: the contrast of {text} on {ground} must be {AA}, got {found:.2f}'


def check_api(site, out):
    """Each public function and class has its signature on the page of its module, with all its
    parameters or fields."""
    symbols = importlib.import_module('rate._modidx').d['syms']
    by_url = {p.url: p for p in site}
    for name in sorted(p.stem for p in (ROOT / 'rate').glob('[a-z]*.py')):
        page = by_url.get(f'{name}.html')
        if page is None:
            yield f'rate.{name} has no page'
            continue
        module = importlib.import_module(f'rate.{name}')
        signatures = [pre.get_text().lstrip() for pre in page.soup.find_all('pre')]
        for what in module.__all__:
            if f'rate.{name}.{what}' in symbols.get(f'rate.{name}', {}):
                for fault in check_signature(what, getattr(module, what), signatures):
                    yield f'{page.url}: {fault}'


def check_signature(name, obj, signatures):
    if not (inspect.isfunction(obj) or inspect.isclass(obj)): return
    starts = f'def {name}(', f'class {name}('
    signature = next((said for said in signatures if said.startswith(starts)), None)
    if signature is None: yield f'does not document {name}'
    elif inspect.isfunction(obj) or hasattr(obj, '_fields') or is_dataclass(obj):
        lacks = [p for p in inspect.signature(obj).parameters
                 if not re.search(rf'\b{p}\b', signature)]
        if lacks: yield f'the signature of {name} lacks {lacks}'


def check_sources(site, out):
    "Each entry of a page is that of its own module, and its link leads to the line."
    in_repository = config()['website']['repo-url'] + '/blob/main/'
    for p in site:
        for link in p.soup.find_all('a', string='source'):
            name, href = link.find_next(HEADINGS).get_text(), link['href']
            for fault in check_source(p.url.removesuffix('.html'), name, href, in_repository):
                yield f'{p.url}: {fault}'


def check_source(module, name, href, in_repository):
    path, _, line = href.removeprefix(in_repository).partition('#L')
    own = f'rate/{module}.py', f'rate/_{module}.py'
    if path not in own: yield f'the entry {name} is that of {path}'
    elif not line.isdecimal(): yield f'the source of {name} is {href}'
    else:
        tree = ast.parse((ROOT / path).read_text(encoding='utf-8'))
        defined = {min(d.lineno for d in (node, *node.decorator_list)): node.name
                   for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        if defined.get(int(line)) != name.rpartition('.')[2]:
            yield f'{href} is not the line of {name}'


def check_text(site, out):
    "No text of a page is a link that was not read as one."
    for p in site:
        for text in p.soup.find_all(string=re.compile(r'\]\(http')):
            if not text.find_parent(['pre', 'script', 'style']):
                yield f'{p.url}: shows {text[:80]!r}'


def check_code(site, out):
    "The code that a page shows runs by itself: what it needs, it imports or defines."
    from rate._showdoc import missing_names
    for p in site:
        missing = missing_names(p.code)
        if missing: yield f'{p.source}: shown code needs {", ".join(missing)}'


def check_learning(site, out):
    "A page to learn from reads well in JupyterLab: no markup of Quarto's; machinery is collapsed."
    for title, source in sidebar():
        if title != 'Learn': continue
        for cell in read(NBS / source).cells:
            found = cell.cell_type == 'markdown' and QUARTO.search(cell.source)
            if found: yield f'{source}: {found[0]!r} is for Quarto alone'
            said = directives(cell) if cell.cell_type == 'code' else {}
            machinery = cell.cell_type == 'raw' or 'hide' in said or said.get('echo') == 'false'
            if machinery and not cell.metadata.get('jupyter', {}).get('source_hidden'):
                yield (f'{source}: a cell must be collapsed (jupyter.source_hidden): '
                       f'{cell.source[:40]!r}')


def check_names(site, out):
    "A name of the package in back-ticks is a link, in the tutorials too."
    linked = {code.get_text() for p in site if p.source.startswith('tutorials/')
              for code in p.soup.select('a[href] > code')}
    if not LINKED <= linked: yield f'{LINKED - linked} in back-ticks are no links in the tutorials'


def check_ends(site, out):
    "No notebook exports itself, which fails where a reader runs it outside the repository."
    for p in NOTEBOOKS:
        if any(c.cell_type == 'code' and 'nbdev_export()' in c.source for c in read(p).cells):
            yield f'{p.relative_to(ROOT)} calls nbdev_export; the command line does'


def live_outputs(nb):
    "The stored outputs that are a live network, and the cell of each."
    return [(cell, out) for cell in nb.cells if cell.cell_type == 'code' for out in cell.outputs
            if 'class="rate-live' in out.get('data', {}).get('text/html', '')]


def renewed(html):
    "A live network with the scripts of rate/web as they are now, in the same state."
    from rate.page import live_html
    call = r"const start = modules\['pages/(\w+)\.mjs.*\.mount\(start, free, \{\.{3}(\{.*\}), assets"
    (kind, given), = re.findall(call, html, re.S)
    given = json.loads(given)
    return live_html(kind, base64.b64decode(given['data']), given['state'], given['title'])


def renew_live():
    "Write the scripts of rate/web into the notebooks that hold a live network."
    for p in NOTEBOOKS:
        nb = read(p)
        stale = [out for _, out in live_outputs(nb)
                 if renewed(out.data['text/html']) != out.data['text/html']]
        if not stale: continue
        for out in stale: out.data['text/html'] = renewed(out.data['text/html'])
        nbformat.write(nb, p)
        print(f'{p.relative_to(ROOT)}: renewed')


def check_live(site, out):
    """A live network has a picture for pages that run no script, and the scripts stored with it are
    those of rate/web."""
    for p in NOTEBOOKS:
        for cell, stored in live_outputs(read(p)):
            name, html = p.relative_to(ROOT), stored.data['text/html']
            if not {'picture', 'fig-alt'} <= {*directives(cell)}:
                yield f'{name}: a live network needs #| picture and #| fig-alt'
            if renewed(html) != html:
                yield f'{name}: its live network is out of date; python .ci/site.py --live'


def llms(site):
    "The index of the site in the form of llmstxt.org, in the sidebar's order."
    website, by_source = config()['website'], {p.source: p for p in site}
    text, group = f'# {website["title"]}\n\n> {website["description"]}\n', None
    for title, source in sidebar():
        if title != group: text += f'\n## {title}\n\n'
        group, page = title, by_source[source]
        text += f'- [{page.title}]({website["site-url"]}/{page.url}): {page.description}\n'
    return text


def main():
    if '--live' in sys.argv: return renew_live()
    test_finder()
    with tempfile.TemporaryDirectory() as folder:
        site = build(Path(folder))
        faults = [f'{p.source}: {fault}' for p in site for fault in p.faults]
        for check in (check_config, check_contrasts, check_api, check_sources, check_text,
                      check_code, check_learning, check_names, check_ends, check_live):
            faults += [f'{check.__name__}: {fault}' for fault in check(site, Path(folder))]
    if faults: sys.exit('\n'.join(faults))
    for remark in {f'{p.source}: {what}' for p in site for what in p.remarks}:
        print(f'remark: {remark}')
    if '--llms' in sys.argv: Path(sys.argv[-1]).write_text(llms(site), encoding='utf-8')
    links = sum(len(p.soup.find_all('a', href=True)) for p in site)
    print(f'{len(site)} pages, {links} links: nothing is missing')


if __name__ == '__main__': main()
