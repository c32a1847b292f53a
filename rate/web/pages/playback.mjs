// The clock of a trial that plays: which step is now, without any drawing; and its keys.

const STEPS_PER_SECOND = 25;  // at speed 1
const FPS_EVERY_MS = 1000;

export class Playback {
  constructor(lastStep) {
    this.lastStep = lastStep;
    this.position = 0;  // in steps, with a fraction while it plays
    this.playing = false;
    this.speed = 1;
    this.fps = null;  // frames in a second, once it has played for one
  }

  get step() {
    return Math.floor(this.position);
  }

  // Times are in ms. At the end of the trial, play starts again from its beginning.
  play(time) {
    if (this.position >= this.lastStep) this.position = 0;
    this.playing = true;
    this.time = time;
    this.countedFrom = time;
    this.frames = 0;
  }

  pause() {
    this.playing = false;
  }

  // Another trial ends at a step of its own.
  end(lastStep) {
    this.lastStep = lastStep;
    this.go(this.position);
  }

  go(step) {
    this.position = Math.min(this.lastStep, Math.max(0, step));
  }

  // One frame of the film; pauses at the end of the trial.
  advance(time) {
    const passed = Math.max(0, time - this.time);  // a frame may be dated before the click
    this.time = time;
    this.go(this.position + passed / 1000 * STEPS_PER_SECOND * this.speed);
    this.count(time);
    if (this.position >= this.lastStep) this.pause();
  }

  count(time) {
    this.frames += 1;
    const passed = time - this.countedFrom;
    if (passed < FPS_EVERY_MS) return;
    this.fps = this.frames * 1000 / passed;
    this.frames = 0;
    this.countedFrom = time;
  }
}

const STEPS = new Map([['ArrowLeft', -1], ['ArrowRight', 1]]);
const OWN_SPACE = ['BUTTON', 'SELECT', 'TEXTAREA', 'SUMMARY', 'A'];
const OWN_ARROWS = ['INPUT', 'SELECT', 'TEXTAREA'];

// What a key does on an element of the kind `tag`, an input of `type`: 'toggle' (play or pause),
// steps to go, or null where the element has a use of its own for the key.
export function keyAction(key, tag, type = '') {
  const spaceIsTyped = tag === 'INPUT' && type !== 'range' && type !== 'number';
  if (key === ' ' && !OWN_SPACE.includes(tag) && !spaceIsTyped) return 'toggle';
  if (STEPS.has(key) && !OWN_ARROWS.includes(tag)) return STEPS.get(key);
  return null;
}
