// What can be copied, over the pictures: the code and the text of a state.

import {download, matFile} from '../network/mat.mjs';
import {asCode} from '../work/action.mjs';
import {fromText, toText} from '../work/state.mjs';

const PAGE = `
<div class="sheet" role="region" aria-label="code and address of this state" hidden>
  <button class="close" aria-label="close">\u00d7</button>
  <label>Python code of this state <textarea class="code" rows="9" readonly spellcheck="false">
    </textarea></label>
  <button class="file"></button>
  <label>this state as text: paste another one here
    <input class="state" type="text" spellcheck="false" autocomplete="off"></label>
  <p role="status"></p>
</div>`;

export class Sheet {
  constructor(parent, app) {
    this.app = app;
    parent.insertAdjacentHTML('beforeend', PAGE);
    this.element = parent.querySelector('.sheet');
    const part = name => this.element.querySelector(name);
    this.fields = {code: part('.code'), state: part('.state')};
    this.status = part('p');
    const {facts, file} = app;
    part('.file').hidden = !file;
    part('.file').textContent = `Download ${facts.file}`;
    part('.file').addEventListener('click', () => download(facts.file, matFile(file)));
    part('.close').addEventListener('click', () => this.close());
    this.fields.state.addEventListener('change', () => this.pasted());
    this.element.addEventListener('keydown', event => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.close();
    });
  }

  // Show it and copy one of its fields; opener: the button that gets the focus back.
  open(name, opener) {
    this.opener = opener;
    this.element.hidden = false;
    this.show();
    const field = this.fields[name];
    field.focus();
    const what = name === 'code' ? 'The code' : 'The state';
    copyText(field).then(copied => {
      const how = copied ? 'copied' : 'marked: copy it by keys';
      this.status.textContent = `${what} is ${how}.`;
    });
  }

  close() {
    this.element.hidden = true;
    this.opener?.focus();
  }

  show() {
    if (this.element.hidden) return;
    const {state, facts, address, trials} = this.app;
    this.fields.code.value = asCode(state, facts);
    this.fields.state.value = address ? address.of(state) : toText(state, trials.T);
    this.status.textContent = '';
  }

  pasted() {
    try {
      const done = this.app.change(fromText(this.fields.state.value, this.app.trials.T));
      this.status.textContent = done ? 'This state is shown.' : this.app.sentence;
    } catch (error) {
      this.status.textContent = error.message;
    }
  }
}

// Promise of whether it could be copied; the text is marked in any case, for copying by keys.
function copyText(field) {
  field.select();
  if (!navigator.clipboard) return Promise.resolve(copyMarked());
  return navigator.clipboard.writeText(field.value).then(() => true, copyMarked);
}

// The old way, for pages that may not use the clipboard.
function copyMarked() {
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  }
}
