"""What a reader does with an explorer or a player in a page, and what must then be so."""
import re
import statistics
import tempfile
from contextlib import chdir
from importlib.resources import files
from importlib.util import find_spec

from common import Report

report = Report()
check = report.say
HAS_AXE = find_spec('axe_playwright_python') is not None
AXE = (files('axe_playwright_python') / 'axe.min.js').read_text() if HAS_AXE else ''
if not HAS_AXE: print('axe-playwright-python is not here: what axe finds is left out')
# Entries that cannot be: the label of the field, what is typed, what the sentence must say.
BAD = (('fraction', '140', 'fraction must be a number from 0 to 100 %, got 140 %'),
       ('scale', '-1', 'scale must be a number from 0 to 2, got -1'),
       ('from', '1200', 'from and to must be'),
       ('lesion seed', '.5', 'lesion seed must be a whole number'),
       ('trial seed', '-3', 'trial seed must be a whole number'))


def viewport(size): return dict(zip(('width', 'height'), size))


def settle(page): page.wait_for_timeout(700)


def axe(page, box=None):
    "What axe finds serious or critical in the page, or in the part around a box."
    if not HAS_AXE: return []
    if not page.evaluate("'axe' in window"): page.evaluate(AXE)
    if box is None: return page.evaluate('checks.axe()')
    return box.evaluate('box => checks.axe(box)')


class Live:
    "An explorer or a player in a page; `box` is all of it, inside its shadow root."

    def __init__(self, page, kind, where, number=0):
        self.page, self.kind, self.where = page, kind, where
        self.box = page.locator(f'.live.{kind}').nth(number)
        self.box.wait_for()

    def check(self, what, ok, detail=''):
        check(f'{self.where}: {what}', ok, ' '.join(detail.split()))

    def at(self, role, name): return self.box.get_by_role(role, name=name, exact=True)

    def number(self, name): return self.at('spinbutton', name).input_value()

    def type(self, name, text, role='spinbutton'):
        "Type into a field by keyboard."
        self.at(role, name).focus()
        self.page.keyboard.press('Control+a')
        self.page.keyboard.type(text)
        self.page.keyboard.press('Enter')

    def press(self, name):
        "A button, by keyboard."
        self.at('button', name).focus()
        self.page.keyboard.press('Enter')

    def pictures(self):
        "What the canvases show, as text, but for what fills in by itself."
        settle(self.page)
        return self.box.locator('figure canvas').evaluate_all('all => all.map(e => e.toDataURL())')

    def scored(self):
        "Wait until the accuracy stands on all trials; what it then says."
        self.page.wait_for_function('box => box.dataset.scored', arg=self.box.element_handle())
        return self.box.locator('.accuracy').inner_text()

    # --- how it looks

    def looks(self, theme, shot, width=None):
        "It is whole, in a theme and a width of the window, and axe finds nothing."
        page, box = self.page, self.box
        if width: page.set_viewport_size(viewport((width, 900)))
        page.evaluate('checks.cutTexts.clear()')
        box.scroll_into_view_if_needed()
        settle(page)
        where = f'{theme}, {page.viewport_size["width"]} wide'
        faults = [] if self.becomes(theme) else ['it stays in the other theme, or blank']
        faults += box.evaluate('box => checks.misfits(box)')
        faults += [f'cut on a canvas: {text}' for text in page.evaluate('[...checks.cutTexts]')]
        self.check(f'{where}: all is whole', not faults, '; '.join(faults)[:500])
        faults = axe(page, box)
        self.check(f'{where}: axe finds nothing serious', not faults, '; '.join(faults)[:900])
        box.screenshot(path=shot)

    def becomes(self, theme):
        "Whether it takes a theme, and shows something on each canvas, within some seconds."
        for _ in range(10):
            dark = self.box.evaluate("box => box.getRootNode().host.classList.contains('dark')")
            if dark == (theme == 'dark') and not self.box.evaluate('box => checks.blank(box)'):
                return True
            settle(self.page)
        return False

    def on_one_screen(self):
        "All of it is seen at once."
        self.box.evaluate("box => box.getRootNode().host.scrollIntoView({block: 'end'})")
        settle(self.page)
        top, bottom = self.box.evaluate('box => checks.shown(box)')
        place = self.box.bounding_box()
        whole = place['y'] >= top - 1 and place['y'] + place['height'] <= bottom + 1
        self.check('all of it on one screen', whole,
                   f'{place["height"]:.0f} px high, {bottom - top:.0f} px are there')

    def tabs(self):
        "Tab reaches every control, and one sees which has the focus."
        self.page.keyboard.press('Shift')       # from here on it is the keyboard that is used
        self.box.evaluate('box => checks.controls(box)[0].focus()')
        met, hidden = set(), []
        while (stop := self.box.evaluate('box => checks.stop(box)')) and stop['index'] not in met:
            met.add(stop['index'])
            if not stop['visible']: hidden.append(stop['words'])
            self.page.keyboard.press('Tab')
        words = self.box.evaluate('box => checks.controls(box).map(checks.words)')
        lacking = [name for index, name in enumerate(words) if index not in met]
        self.check('Tab reaches every control', met and not lacking, ', '.join(lacking))
        self.check('one sees what has the focus', not hidden, ', '.join(hidden))


# --- the controls, which both have

def controls(live):
    "By keyboard alone, but for the window."
    live.tabs()
    slide(live)
    undo(live)
    sentences(live)
    copy_code(live)
    paste(live)
    live.press('Reset')


def slide(live):
    "The fraction by arrow keys and typed; the site by arrow keys."
    before = live.pictures()
    live.at('slider', 'fraction').focus()
    for _ in range(5): live.page.keyboard.press('ArrowRight')
    at = live.number('fraction')
    live.check('five keys move the fraction to 5 %', at == '5', at)
    live.type('fraction', '60')
    at = live.at('slider', 'fraction').input_value()
    live.check('a fraction is typed', at == '60', at)
    live.check('the pictures changed', live.pictures() != before)
    live.at('combobox', 'lesion').focus()
    live.page.keyboard.press('ArrowDown')
    at = live.at('combobox', 'lesion').input_value()
    live.check('a key chooses another site', at == 'by_type', at)


def undo(live):
    "Undo, redo and reset, by buttons and keys."
    def state(): return live.at('combobox', 'lesion').input_value(), live.number('fraction')
    seen, page = [state()], live.page
    for act in ('Undo', 'Undo', 'Redo'):
        live.press(act)
        seen.append(state())
    page.keyboard.press('Control+z')
    seen.append(state())
    expected = [('by_type', '60'), ('all', '60'), ('all', '5'), ('all', '60'), ('all', '5')]
    live.check('undo and redo', seen == expected, f'{seen}')
    live.press('Reset')
    live.check('reset', state() == ('all', '0'), f'{state()}')


def sentences(live):
    "An entry that cannot be is explained in a sentence, and the pictures stay."
    live.type('fraction', '30')
    before = live.pictures()
    for label, text, expected in BAD:
        live.type(label, text)
        said = live.box.get_by_role('status').filter(has_text=expected)
        live.check(f'{label} {text} is explained in a sentence', said.count() == 1,
                   live.box.locator('#message').inner_text())
    live.check('the last pictures stay', live.pictures() == before)
    live.at('combobox', 'lesion').select_option('units')
    live.type('units', '3, 999', 'textbox')
    said = live.box.get_by_role('status').filter(has_text='units must be a list like 3, 17, 20-25')
    live.check('units 3, 999 are explained in a sentence', said.count() == 1)
    live.press('Reset')


def copy_code(live):
    "Copy code copies and shows it; where nothing can be copied it is marked."
    page = live.page
    live.type('fraction', '40')
    live.at('combobox', 'lesion').select_option('I-E')
    live.press('Copy code')
    code = live.box.locator('textarea')
    said = live.box.get_by_role('status')
    said.filter(has_text='copied').wait_for()
    text = page.evaluate('navigator.clipboard.readText()')
    line = "interventions = [strengthen('I-E', 0, fraction=0.4)]"
    live.check('Copy code copies what it shows', line in text and text == code.input_value(), text)
    page.keyboard.press('Escape')
    has = live.at('button', 'Copy code').evaluate('e => checks.focused() === e')
    live.check('Escape closes the code, and the button has the focus',
               has and not code.is_visible())
    page.evaluate('checks.forbidCopying()')
    live.press('Copy code')
    said.filter(has_text='copy it by keys').wait_for()
    marked = code.evaluate('e => e.value.slice(e.selectionStart, e.selectionEnd)')
    live.check('code that cannot be copied is marked', marked == text, marked)
    page.evaluate('checks.allowCopying()')
    page.keyboard.press('Escape')


def paste(live):
    "A state as text, shared and pasted; one that cannot be is a sentence."
    live.press('Share' if live.at('button', 'Share').count() else 'Copy state')
    field = live.box.get_by_label('this state as text')
    live.check('the state as text', 'site=I-E&fraction=0.4' in field.input_value(),
               field.input_value())
    for text, expected in (('site=E-I&fraction=0.25', 'This state is shown'),
                           ('site=nowhere', 'site must be one of'), ('x=1', 'must be made of')):
        field.fill(text)
        live.page.keyboard.press('Enter')
        said = live.box.get_by_role('status').filter(has_text=expected)
        live.check(f'pasted {text!r}: {expected}', said.count() >= 1)
    live.page.keyboard.press('Escape')
    at = live.at('combobox', 'lesion').input_value(), live.number('fraction')
    live.check('the state that was pasted', at == ('E-I', '25'), f'{at}')


# --- the explorer

def explore(live):
    controls(live)
    window(live)
    clicks(live)
    pin(live)


def window(live):
    "A window of the lesion by mouse on the time axis."
    live.type('fraction', '50')
    drag(live, live.box.locator('.outputs canvas').last, (.4, .7), margins=(34, 8))
    start, stop = float(live.number('from')), float(live.number('to, in ms'))
    live.check('a drag on the time axis gives the lesion a window',
               abs(start - 400) < 40 and abs(stop - 700) < 40, f'{start:g} to {stop:g} ms')
    live.press('Undo')
    at = live.number('from'), live.number('to, in ms')
    live.check('one undo takes the drag back', at == ('0', '1000'), f'{at}')
    live.press('Reset')


def drag(live, what, shares, steps=8, margins=(0, 0)):
    "Drag along an element, from one share of its width between its margins to another."
    what.scroll_into_view_if_needed()
    place, mouse = what.bounding_box(), live.page.mouse
    left, width = place['x'] + margins[0], place['width'] - sum(margins)
    x = [left + share * width for share in shares]
    y = place['y'] + place['height'] / 2
    mouse.move(x[0], y)
    mouse.down()
    mouse.move(x[1], y, steps=steps)
    mouse.up()


def clicks(live):
    "A click on a pairing of the matrix, and one on a unit."
    matrix, units = (live.box.locator(f'.{name} canvas') for name in ('matrix', 'units'))
    place = matrix.bounding_box()
    matrix.click(position=dict(x=.3 * place['width'], y=.95 * place['height']))
    at = live.at('combobox', 'lesion').input_value(), live.number('fraction')
    live.check('a click cuts a pairing', at == ('E-I', '100'), f'{at}')
    place = units.bounding_box()
    units.click(position=dict(x=.5 * place['width'], y=.5 * place['height']))
    at = live.at('combobox', 'lesion').input_value(), live.at('textbox', 'units').input_value()
    live.check('a click silences a unit', at[0] == 'units' and re.fullmatch(r'\d+', at[1]), f'{at}')
    live.press('Reset')


def pin(live):
    "A pinned state beside the present one."
    live.type('fraction', '10')
    live.scored()
    live.press('Pin')
    pinned = live.box.locator('figure.pinned')
    live.type('fraction', '80')
    live.scored()
    words = pinned.inner_text()
    live.check('a state is pinned', '10 % of all weights' in words and 'right' in words, words)
    live.press('Show A')
    at = live.number('fraction')
    live.check('Show A goes back to it', at == '10', at)
    live.press('unpin A')
    live.check('it can be unpinned', not pinned.is_visible())
    live.press('Reset')


def address(live, path):
    "The state is in the address, and an address makes the state."
    live.type('fraction', '35')
    settle(live.page)
    live.check('the state is in the address', 'fraction=0.35' in live.page.url, live.page.url)
    live.page.goto(f'{path}#lesion:site=I-E&fraction=0.4')
    live.page.reload()
    live.box.wait_for()
    at = live.at('combobox', 'lesion').input_value(), live.number('fraction')
    live.check('an address makes the state', at == ('I-E', '40'), f'{at}')
    live.press('Reset')


# --- the player

def play(live):
    controls(live)
    page, box, key = live.page, live.box, live.page.keyboard
    button, clock, scrub = box.locator('.play'), box.locator('.time'), box.locator('.scrub')
    live.type('fraction', '30')
    button.focus()
    key.press('Enter')
    page.wait_for_timeout(3300)
    fps = float(box.evaluate('box => box.getRootNode().host.dataset.fps ?? 0'))
    live.check('plays at least 20 frames a second', fps >= 20, f'{fps:g}')
    key.press('Enter')
    scrub.focus()
    key.press('End')
    settle(page)
    live.check('scrubs to the end', clock.inner_text().startswith('995 ms'), clock.inner_text())
    live.type('fraction', '50')
    settle(page)
    time = clock.inner_text()
    live.check('a slider keeps the time', time.startswith('995 ms'), time)
    silence(live)
    live.press('Reset')


def silence(live):
    "Look at a unit and silence it by keyboard; another one by a click."
    live.type('unit', '7')
    live.box.get_by_text(re.compile(r'(E|I|SOM), tau \d+ ms, rate')).wait_for()
    live.press('silence')
    listed = live.at('textbox', 'units')
    live.check('a unit is silenced', listed.input_value() == '7', listed.input_value())
    live.press('restore')
    live.box.locator('.heat canvas').first.click(position=dict(x=90, y=60))
    now = listed.input_value()
    live.check('a click silences a unit', now not in ('', '7'), now)


def fill(live):
    "Wait until what fills in by itself has done so; a player stands in the middle of its trial."
    if live.kind == 'explorer':
        filled(live.box, '+box.dataset.doses >= 2000')
        return
    scrub = live.at('slider', 'time in the trial')
    scrub.evaluate("e => { e.value = 120; e.dispatchEvent(new Event('input')) }")
    live.box.locator('.heat canvas').first.hover(position=dict(x=90, y=60))


# --- the trainer

def train(live):
    "Train to the criterion, take the network to Python, and lesion what was trained."
    live.tabs()
    live.press('Train')
    end = live.box.get_by_text('The criterion is reached')
    end.wait_for()
    live.check('trains to the criterion', True, end.inner_text())
    live.press('Lesion this network')
    trained = Live(live.page, 'explorer', f'{live.where}, what was trained')
    trained.type('fraction', '50')
    trained.check('its accuracy', 'right' in trained.scored())
    trained.check('no Share of a network that only this page has',
                  not trained.at('button', 'Share').count())
    trained.press('Copy code')
    code = trained.box.locator('textarea').input_value()
    with live.page.expect_download() as got: trained.box.locator('.sheet .file').click()
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        got.value.save_as(got.value.suggested_filename)
        names = {}
        exec(code, names)
    found = names['evaluation']
    trained.check('the code runs with the file of the network', 0 <= found.accuracy <= 1, f'{found}')
    live.page.keyboard.press('Escape')


# --- Python

def python(page, live):
    "What Python sets moves the page, and Python sees what the page does."
    page.get_by_role('button', name='Move it from Python').click()
    moved = 'box => box.querySelector("#percent").value === "40"'
    page.wait_for_function(moved, arg=live.box.element_handle())
    check(f'{live.where}: Python moves the page', True)
    live.type('fraction', '25')
    page.get_by_text('Python saw 0.25').first.wait_for()
    check(f'{live.where}: Python sees what the page does', True)
    known = page.evaluate("!!document.querySelector('#jupyter-config-data')")
    alone = not live.at('button', 'Share').count()
    check(f'{live.where}: no Share, since its address is a server\'s', alone and known)


def kernel(live):
    "Trials that only Python can score are scored by the kernel."
    live.check('the kernel scores by the task\'s own rule', live.scored() == '50 % right',
               live.box.locator('.accuracy').inner_text())


def no_kernel(live):
    "Trials that only the kernel can score: a file says so."
    live.type('fraction', '40')
    said = live.box.get_by_text('This task has its own rule')
    said.wait_for()
    live.check('a sentence says that only Python can score them', True, said.inner_text())


# --- figures

def figures(live):
    "Medians; the limits are for machines that are busy with other work."
    page, box = live.page, live.box
    first = page.evaluate('checks.sinceLoad()')
    tell('first picture after the page has loaded', first, 1000, 5000)
    waits = [moved(live, 'ArrowRight') for _ in range(21)]
    tell('slider to picture', statistics.median(waits), 30, 150, f', slowest {max(waits):.0f} ms')
    times = [scored_after(live) for _ in range(5)]
    tell('100 trials scored', statistics.median(times), 300, 2000)
    page.evaluate('checks.watch()')
    live.at('combobox', 'lesion').select_option('I-E')
    tell('2,000 trials of dose and response', filled(box, '+box.dataset.doses >= 2000'), 6000, 60_000)
    page.evaluate('checks.startFrames()')
    for _ in range(2):
        drag(live, live.at('slider', 'fraction'), (.1, .9), steps=60)
        drag(live, live.at('slider', 'fraction'), (.9, .1), steps=60)
    gaps = page.evaluate('checks.stopFrames()')
    late = 100 * sum(gap > 25 for gap in gaps) / len(gaps)
    tell('frame while dragging', statistics.median(gaps), 17, 50,
         f' of {len(gaps)}, {late:.0f} % over 25 ms')


def tell(what, value, goal, limit, more=''):
    check(f'{what}: {value:.0f} ms{more}', value <= limit,
          f'the goal is {goal} ms; only more than {limit} ms fails')


def moved(live, key):
    "Milliseconds from a key on the slider to the picture."
    live.at('slider', 'fraction').focus()
    live.page.evaluate('checks.watch()')
    live.page.keyboard.press(key)
    wait = live.page.wait_for_function('checks.wait()').json_value()
    live.page.wait_for_timeout(80)
    return wait


def scored_after(live):
    "Milliseconds from a key on the slider to the accuracy of all trials."
    settle(live.page)
    live.at('slider', 'fraction').focus()
    live.page.evaluate('checks.watch()')
    live.page.keyboard.press('ArrowRight')
    return filled(live.box, 'box.dataset.scored === "100"')


def filled(box, condition):
    "Milliseconds from the last input until a condition of the box holds."
    wait = f'box => ({condition}) && performance.now() - (checks.pressed ?? 0)'
    return box.page.wait_for_function(wait, arg=box.element_handle()).json_value()
