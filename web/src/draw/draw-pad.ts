import { DIGIT_SIDE } from "../digit-size.js";
import { contextOf, element } from "../dom.js";
import { paint } from "./answer.js";

/** A line that was drawn without lifting the pen: points in pixels of the canvas. */
type Stroke = { x: number; y: number }[];

const SIDE = 280; // pixels of the canvas, whatever its size on the screen
const PEN = 20;
const INK = "#111";
const STEP = 10; // of the arrow keys

/**
 * A canvas to draw on, with mouse, finger, pen or keyboard: the arrow keys move the pen, and the space bar puts it down and
 * lifts it. Strokes are kept, so that the last one can be taken back.
 */
export class DrawPad {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #onChange: () => void;
  readonly #ring: HTMLElement;
  #picture: ImageBitmap | HTMLCanvasElement | undefined;
  #strokes: Stroke[] = [];
  #stroke: Stroke | undefined; // while the pen is down
  #pen = { x: SIDE / 2, y: SIDE / 2 }; // of the keyboard
  #asked = false;

  /**
   * @param onChange called at most once a frame, after something was drawn or taken back.
   * @param pen what shows where the pen of the keyboard is, over the canvas; of class `down` while it draws.
   */
  constructor(canvas: HTMLCanvasElement, onChange: () => void, pen: HTMLElement) {
    this.#ring = pen;
    canvas.width = SIDE;
    canvas.height = SIDE;
    this.#canvas = canvas;
    this.#context = contextOf(canvas);
    this.#onChange = onChange;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(end, () => this.#lift());
    }
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("blur", () => this.#lift());
    this.#paint();
    this.#showPen();
  }

  get isEmpty(): boolean {
    return this.#strokes.length === 0 && this.#picture === undefined;
  }

  /** What is on the pad, dark on light. */
  get image(): ImageData {
    return this.#context.getImageData(0, 0, SIDE, SIDE);
  }

  undo(): void {
    const last = this.#strokes.pop();
    if (last === undefined) this.#picture = undefined;
    if (last === this.#stroke) this.#stroke = undefined;
    this.#changed();
  }

  clear(): void {
    this.#strokes = [];
    this.#stroke = undefined;
    this.#picture = undefined;
    this.#changed();
  }

  /** Shows a digit that came from elsewhere, light on dark as in MNIST, and tells nobody of it. */
  showDigit(pixels: Uint8Array): void {
    const canvas = element("canvas", { width: DIGIT_SIDE, height: DIGIT_SIDE });
    paint(
      canvas,
      pixels.map((value) => 255 - value),
    );
    this.#strokes = [];
    this.#stroke = undefined;
    this.#picture = canvas;
    this.#paint();
  }

  /** Puts a picture onto the pad, as large as fits, in place of what was there. */
  show(picture: ImageBitmap): void {
    this.#strokes = [];
    this.#picture = picture;
    this.#changed();
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.#canvas.focus();
    this.#canvas.setPointerCapture(event.pointerId);
    this.#begin(this.#place(event));
  }

  #move(event: PointerEvent): void {
    if (!this.#stroke || !this.#canvas.hasPointerCapture(event.pointerId)) return;
    // a fast hand moves several times a frame
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length > 0 ? events : [event]) this.#stroke.push(this.#place(each));
    this.#changed();
  }

  #begin(point: { x: number; y: number }): void {
    this.#stroke = [point];
    this.#strokes.push(this.#stroke);
    this.#changed();
  }

  #lift(): void {
    this.#stroke = undefined;
  }

  #key(event: KeyboardEvent): void {
    const [dx, dy] =
      { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [];
    if (event.key === " ") {
      if (this.#stroke) this.#lift();
      else this.#begin({ ...this.#pen });
    } else if (dx !== undefined && dy !== undefined) {
      const inside = (value: number): number => Math.min(SIDE - STEP, Math.max(STEP, value));
      this.#pen = { x: inside(this.#pen.x + dx * STEP), y: inside(this.#pen.y + dy * STEP) };
      this.#stroke?.push({ ...this.#pen });
      this.#changed();
    } else if (event.key === "z" && (event.ctrlKey || event.metaKey)) this.undo();
    else return;
    this.#showPen();
    event.preventDefault();
  }

  #showPen(): void {
    this.#ring.style.left = `${(100 * this.#pen.x) / SIDE}%`;
    this.#ring.style.top = `${(100 * this.#pen.y) / SIDE}%`;
    this.#ring.classList.toggle("down", this.#stroke !== undefined);
  }

  #place({ clientX, clientY }: PointerEvent): { x: number; y: number } {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return { x: ((clientX - left) / width) * SIDE, y: ((clientY - top) / height) * SIDE };
  }

  #changed(): void {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#paint();
      this.#onChange();
    });
  }

  #paint(): void {
    const context = this.#context;
    context.fillStyle = "#fff";
    context.fillRect(0, 0, SIDE, SIDE);
    if (this.#picture) {
      const { width, height } = this.#picture;
      const scale = SIDE / Math.max(width, height);
      const [w, h] = [width * scale, height * scale];
      context.drawImage(this.#picture, (SIDE - w) / 2, (SIDE - h) / 2, w, h);
    }
    context.strokeStyle = INK;
    context.fillStyle = INK;
    context.lineWidth = PEN;
    context.lineCap = "round";
    context.lineJoin = "round";
    for (const [first, ...rest] of this.#strokes) {
      if (!first) continue;
      context.beginPath();
      context.arc(first.x, first.y, PEN / 2, 0, 7); // a line of no length is not drawn
      context.fill();
      context.beginPath();
      context.moveTo(first.x, first.y);
      for (const { x, y } of rest) context.lineTo(x, y);
      context.stroke();
    }
  }
}
