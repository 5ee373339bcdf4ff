/** A sheet to draw on: strokes by mouse, finger or pen, in units of which the sheet is SIDE wide. */
export const SIDE = 280;

/** MNIST's digits fill 20 of 28 pixels, with a pen of about an eighth of that. */
const BOX = 160;
const IMAGE = 224;
const THINNEST = 0.085;
const THICKEST = 0.15;

/** What is smaller is a dot yet, and no digit. */
const SMALLEST = 12;

export class Pad {
  #canvas;
  #changed;
  #strokes = [];
  #current = null;
  #width = 20;
  #inverted = false;

  /** Calls changed() whenever the drawing is another. */
  constructor(canvas, changed) {
    this.#canvas = canvas;
    this.#changed = changed;
    canvas.addEventListener('pointerdown', e => this.#down(e));
    canvas.addEventListener('pointermove', e => this.#move(e));
    for (const end of ['pointerup', 'pointercancel']) {
      canvas.addEventListener(end, e => this.#up(e));
    }
    new ResizeObserver(() => this.#fit()).observe(canvas);
  }

  get empty() {
    return this.#strokes.length === 0;
  }

  /** Whether there is something to read. */
  get legible() {
    return !this.empty && this.#box().side >= SMALLEST;
  }

  get inverted() {
    return this.#inverted;
  }

  set width(width) {
    this.#width = width;
  }

  undo() {
    this.#strokes.pop();
    this.#update();
  }

  clear() {
    this.#strokes = [];
    this.#current = null;
    this.#update();
  }

  invert() {
    this.#inverted = !this.#inverted;
    this.#update();
  }

  /**
   * The drawing as a PNG of its own size: however small it was drawn, the pen keeps its proportion
   * to the digit, as when the same hand writes larger.
   */
  image() {
    const { left, right, top, bottom, side } = this.#box();
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = IMAGE;
    const g = canvas.getContext('2d');
    g.fillStyle = this.#inverted ? '#000' : '#fff';
    g.fillRect(0, 0, IMAGE, IMAGE);
    g.translate(IMAGE / 2, IMAGE / 2);
    g.scale(BOX / side, BOX / side);
    g.translate(-(left + right) / 2, -(top + bottom) / 2);
    const pen = width => Math.min(Math.max(width, THINNEST * side), THICKEST * side);
    this.#paint(g, this.#inverted ? '#fff' : '#000', pen);
    return new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
  }

  #box() {
    const points = this.#strokes.flatMap(s => s.points);
    const xs = points.map(p => p.x);
    const ys = points.map(p => p.y);
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
    return { left, right, top, bottom, side: Math.max(right - left, bottom - top) };
  }

  #down(e) {
    if (e.button !== 0 || this.#current) {
      return;
    }
    e.preventDefault();
    this.#canvas.setPointerCapture(e.pointerId);
    this.#current = { pointer: e.pointerId, width: this.#width, points: [this.#at(e)] };
    this.#strokes.push(this.#current);
    this.#update();
  }

  #move(e) {
    if (this.#current?.pointer !== e.pointerId) {
      return;
    }
    const events = e.getCoalescedEvents?.() ?? [];
    for (const event of events.length ? events : [e]) {
      this.#current.points.push(this.#at(event));
    }
    this.#update();
  }

  #up(e) {
    if (this.#current?.pointer === e.pointerId) {
      this.#current = null;
      this.#update();
    }
  }

  #at(e) {
    const box = this.#canvas.getBoundingClientRect();
    return {
      x: (e.clientX - box.left) * SIDE / box.width,
      y: (e.clientY - box.top) * SIDE / box.height,
    };
  }

  #fit() {
    const pixels = Math.round(this.#canvas.clientWidth * devicePixelRatio);
    if (pixels > 0 && pixels !== this.#canvas.width) {
      this.#canvas.width = this.#canvas.height = pixels;
      this.#draw();
    }
  }

  #update() {
    this.#draw();
    this.#changed();
  }

  #draw() {
    const g = this.#canvas.getContext('2d');
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    g.scale(this.#canvas.width / SIDE, this.#canvas.height / SIDE);
    this.#paint(g, this.#inverted ? '#f6f4ee' : '#191816', width => width);
  }

  /** Smooth lines: each point is the handle of a curve between its neighbours' middles. */
  #paint(g, color, pen) {
    g.strokeStyle = color;
    g.lineCap = g.lineJoin = 'round';
    for (const { points, width } of this.#strokes) {
      g.lineWidth = pen(width);
      g.beginPath();
      g.moveTo(points[0].x, points[0].y);
      for (let i = 1; i + 1 < points.length; i++) {
        const p = points[i];
        const next = points[i + 1];
        g.quadraticCurveTo(p.x, p.y, (p.x + next.x) / 2, (p.y + next.y) / 2);
      }
      const last = points[points.length - 1];
      g.lineTo(last.x, last.y);
      g.stroke();
    }
  }
}
