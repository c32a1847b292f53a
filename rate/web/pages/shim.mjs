// Where there is no Python: the interface of anywidget's model, and the page's address.

import {fromText, toText} from '../work/state.mjs';

const BETWEEN = '\u003b';  // states in an address

// Whether the address of a page leads there from elsewhere: that of a frame, or of a notebook's
// server, does not.
export function hasAddress({location, document, parent} = globalThis) {
  const server = '#jupyter-config-data, body[data-notebook-path], body[data-jupyter-api-token]';
  const found = location.host !== '' || location.protocol === 'file:';  // neither has a blob's
  return found && parent === globalThis && !document.querySelector(server);
}

const WRITE_AFTER_MS = 300;  // browsers let an address be written some times a second

export class Shim {
  constructor(values) {
    this.values = values;
    this.listeners = new Map();
    this.alone = true;  // no Python answers
  }

  get(name) {
    return this.values[name];
  }

  set(name, value) {
    this.values[name] = value;
  }

  save_changes() {}

  on(event, listener) {
    this.listeners.set(event, [...this.listeners.get(event) ?? [], listener]);
  }

  off(event, listener) {
    const left = (this.listeners.get(event) ?? []).filter(other => other !== listener);
    this.listeners.set(event, left);
  }

  send() {}
}

// The states that an address holds, by their keys: '#lesion:site=I-E;lesion2:fraction=0.4'.
export function readAddress(hash) {
  const parts = hash.replace(/^#/, '').split(BETWEEN);
  return new Map(parts.filter(part => part.includes(':')).map(part => {
    const at = part.indexOf(':');
    return [part.slice(0, at), part.slice(at + 1)];
  }));
}

// The same address with another state at a key.
export function writeAddress(hash, key, text) {
  const states = readAddress(hash).set(key, text);
  return `#${[...states].map(([name, state]) => `${name}:${state}`).join(BETWEEN)}`;
}

// The state in the address of the page, at a key of its own.
export class Address {
  constructor(key, T) {
    this.key = key;
    this.T = T;
  }

  // The state that stands there; null for none. Throws as fromText does.
  read() {
    const text = readAddress(location.hash).get(this.key);
    return text === undefined ? null : fromText(text, this.T);
  }

  // The whole address with a state.
  of(state) {
    const hash = writeAddress(location.hash, this.key, toText(state, this.T));
    return location.href.split('#')[0] + hash;
  }

  write(state) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.replace(state), WRITE_AFTER_MS);
  }

  replace(state) {
    try {
      history.replaceState(history.state, '', this.of(state));
    } catch {
      // a page without an address of its own, as in a frame, has none to keep it in
    }
  }

  // f() is called where the reader changes the address. Returns a function that ends that.
  listen(f) {
    addEventListener('hashchange', f);
    return () => removeEventListener('hashchange', f);
  }
}
