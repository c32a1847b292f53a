// What the parts of a page share: the state and its changes, the network, the jobs beside the page.

import {Kernel} from '../work/kernel.mjs';
import {NAMES, check, intactState, sameState, withoutLesion} from '../work/state.mjs';

const SAVE_EVERY_MS = 100;  // Python hears of a slider that moves so often

export class App {
  // model: of anywidget, or a Shim; facts: of the packed data; file: what matFile writes of a
  // network that only the page has, or null; world: see experiment.mjs; jobs: a Jobs; address: an
  // Address, or null; state: what is shown first, where it is possible.
  constructor({model, facts, world, jobs, file = null, address = null, state = {}}) {
    Object.assign(this, {model, facts, file, world, jobs, address});
    this.kernel = new Kernel(model);
    this.reached = null;  // the accuracy of the state that is shown, once it is known
    this.listeners = new Set();
    this.sayers = new Set();
    this.sentence = '';
    this.state = intactState(world.trials.T);
    const first = {...this.state, ...state};
    const problem = check(first, world);
    if (problem) this.say(problem);
    else this.state = first;
    this.history = new History(this.state);
    this.onModel = () => this.modelChanged();
    this.onMessage = () => this.say(model.get('message') ?? '');
    for (const name of NAMES) model.on(`change:${name}`, this.onModel);
    model.on('change:message', this.onMessage);
    if (address) this.followAddress();
    this.unlisten = address?.listen(() => this.followAddress());
  }

  get network() {
    return this.world.network;
  }

  get trials() {
    return this.world.trials;
  }

  // The two labels that the units' selectivity is between; undefined where it is not known.
  get selective() {
    return this.facts.selective;
  }

  // Which trials of a result of experiment.mjs are right: a Promise, of null where nobody can say.
  score({indices, correct, outputs}) {
    if (correct) return Promise.resolve(correct);
    return this.kernel.score(indices, outputs).catch(error => {
      this.say(error.message);
      return null;
    });
  }

  // Change a part of the state. A bad one is said and changes nothing. tag: of the gesture, such as
  // a slider that moves, whose changes are undone together. Returns whether it was possible.
  change(part, tag = null) {
    const state = {...this.state, ...part};
    const problem = check(state, this.world);
    this.say(problem ?? '');
    if (problem) return false;
    if (sameState(state, this.state)) return true;
    this.history.push(state, tag);
    this.show(state);
    this.tell(tag !== null);
    return true;
  }

  // A gesture is over.
  endGesture() {
    this.history.endGesture();
    if (this.timer) this.tell(false);
  }

  undo() {
    this.goTo(this.history.undo());
  }

  redo() {
    this.goTo(this.history.redo());
  }

  // Back to the network as it is given, on the same trials.
  reset() {
    this.change(withoutLesion(this.state, this.trials.T));
  }

  goTo(state) {
    this.say('');
    this.show(state);
    this.tell(false);
  }

  // f(state, before) is called after each change. Returns a function that ends that.
  listen(f) {
    this.listeners.add(f);
    return () => this.listeners.delete(f);
  }

  show(state) {
    const before = this.state;
    this.state = state;
    for (const listener of this.listeners) listener(state, before);
  }

  // A sentence for the reader, '' for none.
  say(sentence) {
    this.sentence = sentence;
    for (const sayer of this.sayers) sayer(sentence);
  }

  onSay(f) {
    this.sayers.add(f);
    f(this.sentence);
    return () => this.sayers.delete(f);
  }

  // Tell Python and the address; while a gesture goes on, not each time.
  tell(soon) {
    if (soon) {
      this.timer ??= setTimeout(() => this.tell(false), SAVE_EVERY_MS);
      return;
    }
    clearTimeout(this.timer);
    this.timer = null;
    for (const name of NAMES) this.model.set(name, this.state[name]);
    this.model.save_changes();
    this.address?.write(this.state);
  }

  // What the page found, for Python.
  report(result) {
    this.model.set('result', result);
    this.model.save_changes();
  }

  // Several values may change at once, each with an event of its own.
  modelChanged() {
    this.waiting ??= Promise.resolve().then(() => {
      this.waiting = null;
      this.follow(Object.fromEntries(NAMES.map(name => [name, this.model.get(name)])));
    });
  }

  // The state in the address, now and where the reader changes it.
  followAddress() {
    try {
      const state = this.address.read();
      if (state) this.change(state);
    } catch (error) {
      this.say(error.message);
    }
  }

  // The state that Python wants.
  follow(wanted) {
    const state = {...this.state, ...wanted};
    if (sameState(state, this.state) || this.timer) return;
    const problem = check(state, this.world);
    if (problem) {
      this.say(problem);
      return;
    }
    this.history.push(state);
    this.show(state);
  }

  end() {
    this.unlisten?.();
    clearTimeout(this.timer);
    for (const name of NAMES) this.model.off(`change:${name}`, this.onModel);
    this.model.off('change:message', this.onMessage);
    this.listeners.clear();
    this.sayers.clear();
    this.kernel.end();
    this.jobs.end();
  }
}

// The states that a reader went through. Those of one gesture, which have the same tag, are one.
export class History {
  constructor(state) {
    this.states = [state];
    this.at = 0;
    this.tag = null;
  }

  get canUndo() {
    return this.at > 0;
  }

  get canRedo() {
    return this.at < this.states.length - 1;
  }

  push(state, tag = null) {
    const goesOn = tag !== null && tag === this.tag;
    const kept = goesOn ? this.at : this.at + 1;
    this.states.splice(kept, Infinity, state);
    this.at = kept;
    this.tag = tag;
  }

  // The gesture is over.
  endGesture() {
    this.tag = null;
  }

  undo() {
    return this.go(-1);
  }

  redo() {
    return this.go(1);
  }

  go(by) {
    const last = this.states.length - 1;
    this.at = Math.min(last, Math.max(0, this.at + by));
    this.tag = null;
    return this.states[this.at];
  }
}
