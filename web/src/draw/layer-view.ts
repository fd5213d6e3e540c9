import { contextOf, element } from "../dom.js";
import { followKey } from "../look/cell-controls.js";
import type { Activation, Cell, Playground } from "../playground.js";
import { colourTable, type Palette, STEPS } from "./colours.js";
import { layTiles, nearestSpot, type Tiles, tileOf } from "./tiles.js";

const FADED = 0.25; // of a cell that lost in a max-pool
const LIGHT = "rgba(255, 176, 0, 0.8)"; // over cells that a chosen one depends on

/** Cells that are lit: all that have one of the rows, one of the columns and one of the channels. */
export interface Lit {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly channels: readonly number[];
}

/** What a view is told of besides its activation. */
export interface Drawing {
  readonly palette: Palette;
  /** 0 for cells to fade, of the same places as the activation. */
  readonly kept?: Uint8Array | undefined;
}

/** One activation as a picture: a tile for each channel, of which a cell can be chosen. */
export class LayerView {
  readonly node: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #tiles: Tiles;
  readonly #image: ImageData;
  #lit: Lit | undefined;

  /**
   * @param layer The number of the layer that the picture is of; −1 for the input.
   * @param title What is above the picture, and `note` the line below the title.
   */
  constructor(
    { shape, name }: Pick<Activation, "shape" | "name">,
    { layer, title, note }: { readonly layer: number; readonly title: string; readonly note: string },
    playground: Playground,
  ) {
    this.#tiles = layTiles(shape);
    const { width, height } = this.#tiles;
    this.#image = new ImageData(width, height);
    this.#canvas = element("canvas", { width, height, tabindex: 0, role: "img" });
    this.#canvas.setAttribute("aria-label", `${title}: ${note}. Press Enter to look into it.`);
    this.#canvas.addEventListener("click", (event) => this.#choose(event, layer, playground));
    this.#canvas.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        choose(playground, { layer, ...this.#middle() });
        document.querySelector<HTMLElement>("#look [tabindex]")?.focus({ preventScroll: true });
      } else followKey(playground, event);
    });
    const heading = element("h3", {}, title, " ", element("span", { text: `[${shape.join(", ")}]` }));
    this.node = element(
      "div",
      { class: "card layer", "data-layer": name },
      heading,
      element("p", { text: note }),
      this.#canvas,
    );
  }

  /** Paints the numbers, the largest in the strongest colour. */
  show(data: Float32Array, { palette, kept }: Drawing): void {
    const { H, W, C } = this.#tiles;
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const table = colourTable(palette);
    const pixels = this.#image.data;
    for (let c = 0; c < C; c++) {
      const { x, y } = tileOf(this.#tiles, c);
      for (let h = 0; h < H; h++) {
        for (let w = 0; w < W; w++) {
          const i = (h * W + w) * C + c;
          const share = (data[i]! / largest) * (kept && kept[i] === 0 ? FADED : 1);
          const from = 3 * Math.round(STEPS * (1 + share));
          const at = 4 * ((y + h) * this.#image.width + x + w);
          pixels[at] = table[from]!;
          pixels[at + 1] = table[from + 1]!;
          pixels[at + 2] = table[from + 2]!;
          pixels[at + 3] = 255;
        }
      }
    }
    contextOf(this.#canvas).putImageData(this.#image, 0, 0);
    this.#light();
  }

  /** Lights up these cells from the next `show` on; undefined: none. */
  light(field: Lit | undefined): void {
    this.#lit = field;
  }

  #light(): void {
    if (!this.#lit) return;
    const { rows, columns, channels } = this.#lit;
    const context = contextOf(this.#canvas);
    context.fillStyle = LIGHT;
    context.strokeStyle = LIGHT;
    const { H, W, C } = this.#tiles;
    for (const c of channels) {
      const { x, y } = tileOf(this.#tiles, c);
      for (const h of rows) for (const w of columns) context.fillRect(x + w, y + h, 1, 1);
      const [h = 0] = rows;
      const [w = 0] = columns;
      // one cell is too small to be seen without a ring about it
      if (rows.length === 1 && columns.length === 1) context.strokeRect(x + w - 0.5, y + h - 0.5, 2, 2);
      if (channels.length < C) context.strokeRect(x - 0.5, y - 0.5, W + 1, H + 1);
    }
  }

  #middle() {
    const { H, W } = this.#tiles;
    return { h: H >> 1, w: W >> 1, c: 0 };
  }

  #choose({ clientX, clientY }: MouseEvent, layer: number, playground: Playground): void {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const x = ((clientX - left) / width) * this.#tiles.width;
    const y = ((clientY - top) / height) * this.#tiles.height;
    const spot = nearestSpot(this.#tiles, x, y);
    if (spot) choose(playground, { layer, ...spot });
  }
}

/** Chooses a cell, and goes to where it is explained. */
function choose(playground: Playground, cell: Cell): void {
  playground.choose(cell);
  document.getElementById("look")?.scrollIntoView();
}
