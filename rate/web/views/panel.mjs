// A canvas with axes. What stands still is painted once for a size and a theme on a canvas of its
// own; each frame copies that and draws only what moves.

const MARGINS = {left: 46, right: 12, top: 8, bottom: 34};  // px around the axes
const FONT = '11px system-ui, sans-serif';

export class Panel {
  // height: px, where the style sheet does not say it; label: what is seen, for those who cannot
  // see it; x, y: limits; xlabel, ylabel: without one, the axis has no numbers;
  // xshort: in place of xlabel where there is little room; margins: px;
  // groups: [{name, size}] from top to bottom, in place of numbers at the left;
  // paint(panel): what stands still; mark(panel, position, step): what moves.
  constructor(parent, options) {
    Object.assign(this, options);
    this.margins = {...MARGINS, ...options.margins};
    this.canvas = document.createElement('canvas');
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', this.label);
    if (this.height) this.canvas.style.height = `${this.height}px`;
    parent.append(this.canvas);
    this.still = document.createElement('canvas');
  }

  toX(value) {
    const {left, width} = this.inside;
    return left + (value - this.x[0]) / (this.x[1] - this.x[0]) * width;
  }

  toY(value) {
    const {top, height} = this.inside;
    return top + height - (value - this.y[0]) / (this.y[1] - this.y[0]) * height;
  }

  // How far across the axes a pointer is, from 0 to 1; at their sides it is beyond.
  shareAt(offsetX) {
    const {left, width} = this.inside;
    return (offsetX - left) / width;
  }

  // The column and the row of units where a pointer is, at the edges too.
  columnAt(offsetX) {
    return place(this.shareAt(offsetX), this.x);
  }

  rowAt(offsetY) {
    const {top, height} = this.inside;
    return place((offsetY - top) / height, this.y);
  }

  style(color, lineWidth = 1, dashes = []) {
    this.pen.strokeStyle = color;
    this.pen.fillStyle = color;
    this.pen.lineWidth = lineWidth;
    this.pen.setLineDash(dashes);
  }

  // ys may end before xs.
  line(xs, ys, count = ys.length) {
    this.pen.beginPath();
    for (let i = 0; i < count; i++) this.pen.lineTo(this.toX(xs[i]), this.toY(ys[i]));
    this.pen.stroke();
  }

  dot(x, y, radius) {
    this.arc(x, y, radius);
    this.pen.fill();
  }

  circle(x, y, radius) {
    this.arc(x, y, radius);
    this.pen.stroke();
  }

  arc(x, y, radius) {
    this.pen.beginPath();
    this.pen.arc(this.toX(x), this.toY(y), radius, 0, 2 * Math.PI);
  }

  // The same, but at the edge of the axes, and open, where it would lie outside.
  dotWithin(x, y, radius) {
    const within = (value, [least, most]) => Math.min(most, Math.max(least, value));
    const [nearX, nearY] = [within(x, this.x), within(y, this.y)];
    if (nearX === x && nearY === y) {
      this.dot(x, y, radius);
      return;
    }
    this.pen.lineWidth = 2;
    this.circle(nearX, nearY, radius);
  }

  // Words that can be read over lines.
  words(text, x, y) {
    this.pen.save();
    this.pen.setLineDash([]);
    this.pen.lineWidth = 3;
    this.pen.strokeStyle = this.colors.paper;
    this.pen.strokeText(text, x, y);
    this.pen.fillText(text, x, y);
    this.pen.restore();
  }

  // A line from top to bottom.
  vertical(x) {
    const {top, height} = this.inside;
    this.pen.beginPath();
    this.pen.moveTo(this.toX(x), top);
    this.pen.lineTo(this.toX(x), top + height);
    this.pen.stroke();
  }

  // A band from top to bottom.
  band(from, to) {
    const {top, height} = this.inside;
    this.pen.fillRect(this.toX(from), top, this.toX(to) - this.toX(from), height);
  }

  // A bar above the axes.
  bar(from, to) {
    const {top} = this.inside;
    this.pen.fillRect(this.toX(from), top - 6, this.toX(to) - this.toX(from), 4);
  }

  // Draw with nothing outside the axes.
  clipped(draw) {
    const {left, top, width, height} = this.inside;
    this.pen.save();
    this.pen.beginPath();
    this.pen.rect(left, top, width, height);
    this.pen.clip();
    draw();
    this.pen.restore();
  }

  layout(colors) {
    const box = this.canvas.getBoundingClientRect();
    this.width = Math.max(1, box.width);  // a notebook hides what is not on the screen
    this.shownHeight = Math.max(1, box.height);  // at least `height`: beside it may be a higher one
    const {left, right, top, bottom} = this.margins;
    this.inside = {  // the axes
      left,
      top,
      width: Math.max(1, this.width - left - right),
      height: Math.max(1, this.shownHeight - top - bottom),
    };
    this.colors = colors;
    for (const canvas of [this.canvas, this.still]) this.resize(canvas);
    this.repaint();
  }

  // Paint what stands still anew, at the same size and with the same colours.
  repaint() {
    this.pen = this.still.getContext('2d');
    this.pen.clearRect(0, 0, this.width, this.shownHeight);
    this.pen.font = FONT;
    this.pen.lineJoin = 'round';
    this.paint(this);
    this.drawAxes();
  }

  // As many pixels as the screen has for it.
  resize(canvas) {
    const scale = window.devicePixelRatio || 1;
    canvas.width = Math.round(this.width * scale);
    canvas.height = Math.round(this.shownHeight * scale);
    canvas.getContext('2d').setTransform(scale, 0, 0, scale, 0, 0);
  }

  drawAxes() {
    const {left, top, width, height} = this.inside;
    this.style(this.colors.ink);
    this.pen.strokeRect(left, top, width, height);
    if (this.xlabel) this.drawXAxis();
    if (this.groups) this.drawGroups();
    else if (this.ylabel) this.drawYAxis();
  }

  drawXAxis() {
    const {left, top, width, height} = this.inside;
    this.pen.textAlign = 'center';
    for (const value of ticks(...this.x, Math.max(3, width / 65))) {
      this.pen.fillText(value, this.toX(value), top + height + 13);
    }
    const room = this.pen.measureText(this.xlabel).width <= width;
    const label = room ? this.xlabel : this.xshort ?? this.xlabel;
    this.pen.fillText(label, left + width / 2, top + height + 28);
  }

  drawYAxis() {
    const {left, top, height} = this.inside;
    this.pen.textAlign = 'right';
    for (const value of ticks(...this.y, Math.max(2, height / 36))) {
      this.pen.fillText(value, left - 4, this.toY(value) + 4);
    }
    this.pen.save();
    this.pen.translate(10, top + height / 2);
    this.pen.rotate(-Math.PI / 2);
    this.pen.textAlign = 'center';
    this.pen.fillText(this.ylabel, 0, 0);
    this.pen.restore();
  }

  drawGroups() {
    const {left} = this.inside;
    this.pen.textAlign = 'right';
    let above = this.y[1];
    for (const {name, size} of this.groups) {
      const top = this.toY(above);
      const bottom = this.toY(above - size);
      above -= size;
      if (size === 0) continue;
      this.style(this.colors[name]);
      this.pen.fillRect(left - 6, top, 5, bottom - top);
      this.pen.fillText(`${size} ${name}`, left - 9, (top + bottom) / 2 + 4);
    }
  }

  draw(position) {
    this.pen = this.canvas.getContext('2d');
    this.pen.clearRect(0, 0, this.width, this.shownHeight);
    this.pen.drawImage(this.still, 0, 0, this.width, this.shownHeight);
    this.mark(this, position, Math.floor(position));
  }
}

function place(share, [first, end]) {
  return Math.min(end - first - 1, Math.max(0, Math.floor(share * (end - first))));
}

// A view of an app's state that is one panel. paint and mark are what a Panel takes.
export class PanelView {
  constructor(parent, app, options) {
    this.app = app;
    this.panel = new Panel(parent, {
      ...options,
      paint: panel => this.paint(panel),
      mark: panel => this.mark(panel),
    });
  }

  mark() {}

  layout(colors) {
    this.panel.layout(colors);
    this.panel.draw(0);
  }

  // Another state.
  update() {
    this.refresh();
  }

  refresh() {
    if (!this.panel.inside) return;  // not laid out yet
    this.panel.repaint();
    this.panel.draw(0);
  }
}

// The limits that hold all values of some rows, with a margin, a share of what they span; a flat
// line gets one too.
export function range(rows, share = .08) {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const row of rows) {
    for (const value of row) {
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
  }
  const margin = share * (highest - lowest || 1);
  return [lowest - margin, highest + margin];
}

// Round numbers between two limits, about `count` of them: 1, 2 or 5 times a power of ten apart.
export function ticks(lowest, highest, count) {
  const wanted = (highest - lowest) / count;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const apart = power * [1, 2, 5, 10].find(factor => factor * power >= wanted);
  const all = [];
  for (let k = Math.ceil(lowest / apart); ; k++) {
    const tick = Number((k * apart).toPrecision(6));  // 0.3 and not 0.30000000000000004
    if (tick > highest) return all;
    all.push(tick);
  }
}
