"""The site, checked without Quarto. `--llms FILE` writes its llms.txt instead, an index for programs that read.

nbdev processes the notebooks as it does for Quarto, nbconvert makes each page HTML, headings get the ids that Quarto gives them, and
then every link, anchor, image and file that a page or _quarto.yml names must be there. `pages()` leaves the HTML in a folder."""
import importlib
import inspect
import re
import shutil
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
from nbconvert import HTMLExporter
from nbdev.serve import proc_nbs

ROOT = Path(__file__).resolve().parent.parent
MACHINE_PATH = re.compile(r'(?<!\.)/(?:home|root|tmp|work|Users)/')
MARKUP = re.compile(r'</?(?:a|b|br|div|h[1-6]|i|iframe|li|p|pre|script|span|style|svg|table|t[dhr]|ul)\b[^<>]*>|&(?:#x?\w+|quot|lt|gt|amp);')
HEADINGS = re.compile(r'h[1-6]')
# Foreground and background of text in the themes, by the names of their scss variables; and the least contrast, WCAG 2.1 AA.
TEXT = (('body-color', 'body-bg'), ('muted', 'body-bg'), ('link-color', 'body-bg'), ('code-color', 'code-bg'), ('code-color', 'body-bg'), ('link-color', 'code-bg'),
        ('body-color', 'code-bg'), ('navbar-fg', 'navbar-bg'), ('navbar-hl', 'navbar-bg'), ('sidebar-fg', 'sidebar-bg'), ('sidebar-hl', 'sidebar-bg'))
AA = 4.5


@dataclass
class Page:
    source: str  # its notebook, as seen from nbs/
    url: str  # its HTML, as seen from the root of the site
    title: str
    description: str
    soup: BeautifulSoup
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def ids(self) -> set[str]: return {e['id'] for e in self.soup.find_all(id=True)}


@cache
def config() -> dict: return yaml.safe_load((ROOT / '_quarto.yml').read_text(encoding='utf-8'))


def address(page: str, target: str) -> str:
    "`target`, written in `page`, as seen from the root of the site."
    return normpath((PurePosixPath(page).parent / target).as_posix())


# --- headings and links

def identifier(heading: str) -> str:
    "The id that pandoc gives to a heading."
    text = re.sub(r'[^\w\s.-]', '', heading.lower()).strip()
    return re.sub(r'^[^a-z]+', '', re.sub(r'\s+', '-', text)) or 'section'


def set_ids(soup: BeautifulSoup) -> None:
    "Give the headings that come from markdown the ids that they have in Quarto's pages: their own, `{#id}`, or one made from the text."
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


def find_faults(pages: list[Page], has_file, has_source, site_url='', repo='') -> None:
    """Look up every link and image of the pages, and let each link to a page lead to its HTML.

    `has_file` says whether the site has a file, `has_source` whether the repository has; both are given a path."""
    by_source, by_url = {p.source: p for p in pages}, {p.url: p for p in pages}
    ids = {p.url: p.ids for p in pages}
    for page in pages:
        for a in page.soup.find_all('a', href=True): _check_link(page, a, by_source, by_url, ids, has_file, has_source, site_url, repo)
        for image in page.soup.find_all('img'):
            src = image.get('src', '')
            if src.startswith(('data:', 'attachment:')): continue
            if not image.get('alt', '').strip(): page.faults.append(f'image {src} has no alternative text')
            if not re.match(r'[a-z]+:', src) and not has_file(address(page.source, unquote(src))): page.faults.append(f'image {src} is not there')


def _check_link(page, a, by_source, by_url, ids, has_file, has_source, site_url, repo):
    href = unquote(a['href'])
    in_repository = re.match(rf'https://(?:github\.com|colab\.research\.google\.com/github)/{re.escape(repo)}/(?:blob|tree|edit)/main/([^#?]+)', href)
    if repo and in_repository and not has_source(in_repository[1]): page.faults.append(f'link to {href}: the repository has no {in_repository[1]}')
    if repo and 'colab.' in href and in_repository and in_repository[1] != f'nbs/{page.source}':
        page.faults.append(f'link to {href}: Colab would open another page than {page.source}')
    inside = site_url and (href == site_url or href.startswith(f'{site_url}/'))
    if re.match(r'[a-z]+:', href) and not inside: return
    path, _, anchor = (href[len(site_url) + 1:] or 'index.html' if inside else href).partition('#')
    target = page.url if not path else path if inside else address(page.source, path)
    to = by_source.get(target) or by_url.get(target)
    if to is None:
        if target.endswith(('.ipynb', '.html')) or not has_file(target): page.faults.append(f'link to {a["href"]}: no such page or file')
        return
    if inside and anchor not in ids[to.url] and '.' in anchor:  # nbdev's link to a method without a heading: its class will do
        page.remarks.append(f'{to.url} has no #{anchor}, to which nbdev links; show_doc of the method would make one')
        anchor = anchor.rpartition('.')[0]
    if anchor and anchor not in ids[to.url]: page.faults.append(f'link to {a["href"]}: {to.url} has no #{anchor}')
    a['href'] = (relpath(to.url, PurePosixPath(page.url).parent.as_posix()) if path else '') + (f'#{anchor}' if anchor else '')


def test_finder() -> None:
    "The finder finds what is wrong in two small pages, and nothing else."
    def page(source, url, html): return Page(source, url, '', '', BeautifulSoup(html, 'html.parser'))
    first = page('tutorials/01_a.ipynb', 'tutorials/a.html', '''
        <h1>A</h1><h2>Dale's principle</h2><h2>E-I, <code>x_t</code> 2.5</h2><h3>Own {#mine}</h3><h2>Same</h2><h2>Same</h2><h2>1. First</h2>
        <a href="../02_b.ipynb#there">good</a> <a href="#dales-principle">good</a> <a href="#e-i-x_t-2.5">good</a> <a href="#mine">good</a>
        <a href="#same-1">good</a> <a href="#first">good</a> <a href="https://site/b.html#there">good</a> <a href="../data.mat">good</a>
        <a href="https://elsewhere.org/x.html#y">good</a> <a href="https://github.com/u/r/blob/main/f.py#L3">good</a> <img src="../b.png" alt="b">
        <a href="../03_c.ipynb">bad 1</a> <a href="../02_b.ipynb#nowhere">bad 2</a> <a href="#dale">bad 3</a> <a href="https://site/c.html">bad 4</a>
        <a href="02_b.ipynb">bad 5</a> <a href="../no.mat">bad 6</a> <a href="https://github.com/u/r/blob/main/g.py">bad 7</a>
        <img src="../b.png" alt=""> <img src="no.png" alt="no"> <a href="https://colab.research.google.com/github/u/r/blob/main/nbs/02_b.ipynb">bad 10</a>''')
    second = page('02_b.ipynb', 'b.html', '<h2>There</h2><a href="tutorials/01_a.ipynb#same">good</a>')
    for p in (first, second): set_ids(p.soup)
    find_faults([first, second], {'data.mat', 'b.png'}.__contains__, {'f.py', 'nbs/02_b.ipynb'}.__contains__, 'https://site', 'u/r')
    assert second.faults == [], second.faults
    found, expected = sorted(first.faults), sorted((
        'link to ../03_c.ipynb: no such page or file', 'link to ../02_b.ipynb#nowhere: b.html has no #nowhere', 'link to #dale: tutorials/a.html has no #dale',
        'link to https://site/c.html: no such page or file', 'link to 02_b.ipynb: no such page or file', 'link to ../no.mat: no such page or file',
        'link to https://github.com/u/r/blob/main/g.py: the repository has no g.py', 'image ../b.png has no alternative text', 'image no.png is not there',
        'link to https://colab.research.google.com/github/u/r/blob/main/nbs/02_b.ipynb: Colab would open another page than tutorials/01_a.ipynb'))
    assert found == expected, f'found {found}, expected {expected}'
    assert first.soup.a['href'] == '../b.html#there' and first.soup.find_all('a')[6]['href'] == '../b.html#there'
    assert first.soup.h3.get_text() == 'Own'
    assert MARKUP.search('<div role="status">3</div>') and MARKUP.search('&#x27;3&#x27;') and not MARKUP.search('a < b & c > d; <Figure 1>')


# --- from notebooks to HTML

def convert(path: Path, source: str, exporter: HTMLExporter) -> Page:
    "A processed notebook as a page."
    nb = nbformat.read(path, as_version=4)
    head = yaml.safe_load(nb.cells[0].source.strip().strip('-')) if nb.cells and nb.cells[0].cell_type == 'raw' else {}
    title, description = head.get('title', ''), head.get('description', '')
    faults = [] if title and description else ['the first cell lacks a title or a line of purpose']
    nb.cells, alts = [c for c in nb.cells if c.cell_type != 'raw'], []
    for c in nb.cells:
        if c.cell_type == 'markdown': c.source = _plain(c.source)
        if c.cell_type != 'code': continue
        said = dict(re.findall(r'^#\| *([\w-]+) *: *(.*?) *$', c.source, flags=re.M))
        c.source = re.sub(r'^#\|.*\n?', '', c.source, flags=re.M)
        if 'false' in (said.get('echo'), said.get('include')): c.metadata['transient'] = {'remove_source': True}
        if said.get('include') == 'false': c.outputs = []
        for out in c.outputs:
            if out.output_type == 'error': faults.append(f'a cell stores an error: {out.ename}: {out.evalue}')
            if 'text/markdown' in out.get('data', {}): out.data['text/markdown'] = _plain(out.data['text/markdown'])
            if 'image/png' in out.get('data', {}):
                if not said.get('fig-alt'): faults.append(f'a figure lacks `#| fig-alt`: {c.source[:60]!r}')
                alts.append(said.get('fig-alt', 'Figure').strip('"\''))
            text = ''.join(out.get('text', '')) + ('' if 'text/html' in out.get('data', {}) else ''.join(out.get('data', {}).get('text/plain', '')))
            if MARKUP.search(text): faults.append(f'an output shows HTML as text: {text[:80]!r}')
    nb.cells.insert(0, nbformat.v4.new_markdown_cell(f'# {title}\n\n> {description}'))
    html, _ = exporter.from_notebook_node(nb, {'metadata': {'name': title}})
    soup = BeautifulSoup(html, 'html.parser')
    for image, alt in zip(soup.select('.jp-OutputArea img[src^="data:image/png"]'), alts): image['alt'] = alt
    for tag in soup.body.find_all(HEADINGS, limit=1): tag.name = 'header-title'
    set_ids(soup)
    for tag in soup.find_all('header-title'): tag.name = 'h1'
    text = soup.body.get_text()
    if 'Traceback (most recent call last)' in text: faults.append('shows a traceback')
    found = MACHINE_PATH.search(text)
    if found: faults.append(f'shows the path of a machine: ...{text[found.start() - 40:found.end() + 40]}...')
    url = (PurePosixPath(source).parent / head.get('output-file', PurePosixPath(source).with_suffix('.html').name)).as_posix()
    return Page(source, url, title, description, soup, faults)


def _plain(text) -> str:
    "Markdown without what only Quarto reads: attributes of links, fences of divs."
    text = ''.join(text)
    return re.sub(r'^:::+.*$', '', re.sub(r'(\]\([^()\s]+\))\{[^}\n]*\}', r'\1', text), flags=re.M)


def processed() -> Path: return Path(proc_nbs(n_workers=0, force=True))


def build(folder: Path) -> list[Page]:
    "All pages, with what is wrong in each, written into `folder` together with the other files of the site."
    out, exporter = processed(), HTMLExporter()
    exporter.register_filter('strip_files_prefix', lambda text: text)  # it would take files/ from links to that folder
    site = [convert(p, p.relative_to(out).as_posix(), exporter) for p in sorted(out.rglob('*.ipynb'))]
    website = config()['website']
    find_faults(site, lambda path: (out / path).is_file(), lambda path: (ROOT / path).exists(), website['site-url'],
                website['repo-url'].removeprefix('https://github.com/'))
    for p in out.rglob('*'):
        if p.is_file() and p.suffix != '.ipynb': _write(folder / p.relative_to(out), p.read_bytes())
    for page in site: _write(folder / page.url, str(page.soup).encode())
    return site


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def pages(folder: Path | str | None = None) -> Path:
    "The folder, new if none is given, with every page of the site as HTML; its index.html opens in a browser."
    folder = Path(folder or tempfile.mkdtemp(prefix='rate-site-'))
    build(folder)
    return folder


# --- what else must hold

def sidebar() -> list[tuple[str, str]]:
    "The pages in the order of the sidebars, each as its section's title and its notebook."
    return [(bar['title'], source) for bar in config()['website']['sidebar'] for source in bar['contents']]


def check_config(site: list[Page], out: Path) -> list[str]:
    "What _quarto.yml names must be there, it must name every page, and set what a page cannot do without."
    website, html = config()['website'], config()['format']['html']
    sources, faults, section = {p.source for p in site}, [], {source: title for title, source in sidebar()}
    listed, left = [source for _, source in sidebar()], website['navbar']['left']
    bars = listed + [link['href'] for link in left]
    faults += [f'_quarto.yml names {href}, which is no page' for href in bars if href not in sources]
    faults += [f'the sidebars lack {source}' for source in sorted(sources - set(listed))]
    faults += [f'the sidebars name {href} twice' for href in sorted({h for h in listed if listed.count(h) > 1})]
    # Quarto marks the first entry of the navbar that the page's sidebar has, and tells sidebars apart by their ids
    ids = {bar.get('id') for bar in website['sidebar']} - {None}
    if len(ids) < len(website['sidebar']): faults.append('_quarto.yml: a sidebar has no id of its own')
    faults += [f'navbar: {link["text"]} leads into the section {section.get(link["href"])}' for link in left if section.get(link['href']) != link['text']]
    pictures = [website['image'], website['open-graph']['image'], website['twitter-card']['image']]
    faults += [f'_quarto.yml: {name} is not found from a page in a folder; start it with /' for name in pictures if not name.startswith('/')]
    for option in ('keep-md', 'respect-user-color-scheme'):
        if html.get(option) is not True: faults.append(f'_quarto.yml: {option} must be true')
    logo = BeautifulSoup((out / website['navbar']['logo']).read_bytes(), 'html.parser').svg
    if not (logo.get('width') and logo.get('height')): faults.append('the logo has no width and height, so that the navbar shows none')
    styles = [name for names in html['theme'].values() for name in names if name.endswith('.scss')]
    files = [website['favicon'], website['navbar']['logo'], *(name.lstrip('/') for name in pictures), *config()['project']['resources'], *html['filters'],
             *config()['format']['commonmark']['filters'], *styles]
    faults += [f'_quarto.yml names {name}, which is not there' for name in dict.fromkeys(files) if not (out / name).exists()]
    if len({p.url for p in site}) < len(site): faults.append('two pages have the same address')
    return faults


def luminance(color: str) -> float:
    channels = [int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    return sum(k * (c / 12.92 if c <= .04045 else ((c + .055) / 1.055) ** 2.4) for k, c in zip((.2126, .7152, .0722), channels))


def contrast(one: str, other: str) -> float:
    "The contrast of two colours #RRGGBB, from 1 to 21, as WCAG 2.1 defines it."
    low, high = sorted((luminance(one), luminance(other)))
    return (high + .05) / (low + .05)


def check_contrasts(out: Path) -> list[str]:
    "Text of the themes is readable."
    assert round(contrast('#000000', '#FFFFFF'), 2) == 21 and round(contrast('#777777', '#FFFFFF'), 2) == 4.48
    faults = []
    for name in ('theme-light.scss', 'theme-dark.scss'):
        colors = dict(re.findall(r'^\$([\w-]+): (#[0-9A-Fa-f]{6})', (out / name).read_text(encoding='utf-8'), flags=re.M))
        for text, ground in TEXT:
            found = contrast(colors[text], colors[ground])
            if found < AA: faults.append(f'{name}: {text} on {ground} has a contrast of {found:.2f}; allowed is {AA} and more')
    return faults


def check_api(site: list[Page]) -> list[str]:
    "Each public function and class has its signature on the page of its module, with all its parameters or fields."
    faults, package = [], (ROOT / 'rate')
    modidx = importlib.import_module('rate._modidx').d['syms']
    by_url = {p.url: p for p in site}
    for module in sorted(p.stem for p in package.glob('[a-z]*.py')):
        m, page = importlib.import_module(f'rate.{module}'), by_url.get(f'{module}.html')
        if page is None:
            faults.append(f'rate.{module} has no page')
            continue
        signatures = [pre.get_text().lstrip() for pre in page.soup.find_all('pre')]
        for name in m.__all__:
            obj = getattr(m, name)
            if not (inspect.isfunction(obj) or inspect.isclass(obj)) or f'rate.{module}.{name}' not in modidx.get(f'rate.{module}', {}): continue
            signature = next((said for said in signatures if said.startswith((f'def {name}(', f'class {name}('))), None)
            if signature is None: faults.append(f'{page.url} does not document {name}')
            elif inspect.isfunction(obj) or hasattr(obj, '_fields') or is_dataclass(obj):
                lacks = [p for p in inspect.signature(obj).parameters if not re.search(rf'\b{p}\b', signature)]
                if lacks: faults.append(f'{page.url}: the signature of {name} lacks {lacks}')
    return faults


def check_names(site: list[Page]) -> list[str]:
    "A name of the package in back-ticks is a link, in the tutorials too."
    linked = [code.get_text() for p in site if p.source.startswith('tutorials/') for code in p.soup.select('a[href] > code')]
    return [] if {'train', 'report'} <= set(linked) else [f'back-ticked names in the tutorials are no links; linked are {sorted(set(linked))}']


def check_ends() -> list[str]:
    "No notebook exports itself, which fails where a reader runs it outside the repository."
    return [f'{p.relative_to(ROOT)} calls nbdev_export; the command line does' for p in sorted((ROOT / 'nbs').rglob('*.ipynb'))
            if '.ipynb_checkpoints' not in p.parts and any('nbdev_export()' in c.source for c in nbformat.read(p, as_version=4).cells if c.cell_type == 'code')]


def llms(site: list[Page]) -> str:
    "The index of the site in the form of llmstxt.org, in the sidebar's order."
    website, by_source = config()['website'], {p.source: p for p in site}
    text = f'# {website["title"]}\n\n> {website["description"]}\n'
    group = None
    for title, source in sidebar():
        if title != group: text += f'\n## {title}\n\n'
        group, page = title, by_source[source]
        text += f'- [{page.title}]({website["site-url"]}/{page.url}): {page.description}\n'
    return text


def main() -> int:
    test_finder()
    folder = Path(tempfile.mkdtemp(prefix='rate-site-'))
    try:
        site = build(folder)
        faults = [f'{p.source}: {fault}' for p in site for fault in p.faults]
        for more in (check_config(site, folder), check_contrasts(folder), check_api(site), check_names(site), check_ends()): faults += more
        assert not faults, '\n'.join(faults)
        for remark in {f'{p.source}: {what}' for p in site for what in p.remarks}: print(f'remark: {remark}')
        links = sum(len(p.soup.find_all('a', href=True)) for p in site)
        if '--llms' in sys.argv: Path(sys.argv[sys.argv.index('--llms') + 1]).write_text(llms(site), encoding='utf-8')
        print(f'{len(site)} pages, {links} links: nothing is missing')
    finally: shutil.rmtree(folder)
    return 0


if __name__ == '__main__': sys.exit(main())
