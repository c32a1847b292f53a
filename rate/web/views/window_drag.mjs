// A window in time that is drawn by a drag along a panel, or whose ends are moved.

const NEAR = 7;  // px from an end of the window that is there
const LEAST = 4;  // px: less is a click

// The window of a drag from one step to another: whole steps of the trial, one at least.
export function windowOf(from, to, T) {
  const [first, last] = [from, to].sort((a, b) => a - b);
  const start = Math.min(T - 1, Math.max(0, Math.round(first)));
  return {start, stop: Math.min(T, Math.max(start + 1, Math.round(last)))};
}

// The step that stays where it is in a drag that begins at `step`: the other end of a window that
// is taken by one of its ends, else where the drag begins. near: how many steps are close by.
export function anchorOf(step, {start, stop}, T, near) {
  const whole = start === 0 && stop === T;
  if (!whole && Math.abs(step - start) <= near) return stop;
  if (!whole && Math.abs(step - stop) <= near) return start;
  return step;
}

export class WindowDrag {
  constructor(panels, app) {
    this.app = app;
    this.anchor = null;
    for (const panel of panels) this.listen(panel);
  }

  listen(panel) {
    const {canvas} = panel;
    canvas.classList.add('drag');
    canvas.title = 'drag along the time axis: lesion in this window alone';
    canvas.addEventListener('pointerdown', event => this.begin(panel, event));
    canvas.addEventListener('pointermove', event => this.move(panel, event));
    canvas.addEventListener('pointerup', () => this.finish());
    canvas.addEventListener('pointercancel', () => this.finish());
  }

  stepAt(panel, event) {
    return panel.shareAt(event.offsetX) * this.app.trials.T;
  }

  begin(panel, event) {
    const {T} = this.app.trials;
    const near = NEAR / panel.inside.width * T;
    this.from = event.offsetX;
    this.anchor = anchorOf(this.stepAt(panel, event), this.app.state, T, near);
    panel.canvas.setPointerCapture(event.pointerId);
  }

  move(panel, event) {
    if (this.anchor === null || Math.abs(event.offsetX - this.from) < LEAST) return;
    this.from = -Infinity;  // from now on it is a drag
    const window = windowOf(this.anchor, this.stepAt(panel, event), this.app.trials.T);
    this.app.change(window, 'window');
  }

  finish() {
    this.anchor = null;
    this.app.endGesture();
  }
}
