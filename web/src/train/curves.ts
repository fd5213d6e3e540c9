import "uplot/dist/uPlot.min.css";
import uPlot from "uplot";
import { element } from "../dom.js";
import { percent } from "../percent.js";
import type { Course, Figures } from "./course.js";

const HEIGHT = 240;

/** What a chart shows. */
interface ChartText {
  readonly title: string;
  /** How a figure is written. */
  readonly format: (value: number) => string;
  /** The upper end of the axis; undefined is the largest figure. */
  readonly top?: number;
}

/** The curves of loss and accuracy, by epoch. */
export class Curves {
  readonly node: HTMLElement;
  readonly #loss = new Chart({
    title: "Loss",
    format: (value) => (value < 100 ? value.toFixed(2) : value.toPrecision(2)),
  });
  readonly #accuracy = new Chart({ title: "Accuracy", format: (value) => percent(value), top: 1 });

  constructor() {
    const legend = element(
      "p",
      { class: "train-legend muted" },
      element("span", { class: "train-key", text: "while training" }),
      element("span", { class: "train-key train-key-test", text: "on the test digits, after each epoch" }),
    );
    this.node = element("div", { class: "train-curves" }, this.#loss.node, this.#accuracy.node, legend);
  }

  /** Shows the course of a training of so many epochs. */
  show(course: Course, epochs: number): void {
    this.#loss.show(course.x, course.loss, course.testLoss, epochs);
    this.#accuracy.show(course.x, course.accuracy, course.testAccuracy, epochs);
  }
}

/** One chart of two curves. Its colours are the page's, light or dark. */
class Chart {
  readonly node: HTMLElement;
  readonly #text: ChartText;
  readonly #plot: uPlot;
  #epochs = 1;

  constructor(text: ChartText) {
    this.#text = text;
    const place = element("div", {
      class: "train-plot",
      role: "img",
      "aria-label": `${text.title}: no curve yet`,
    });
    this.node = element(
      "figure",
      { class: "train-figure" },
      element("figcaption", { text: text.title }),
      place,
    );
    const colour = (name: string) => () => getComputedStyle(place).getPropertyValue(name).trim();
    const axis = {
      stroke: colour("--muted"),
      grid: { stroke: colour("--border"), width: 1 },
      ticks: { show: false },
    };
    this.#plot = new uPlot(
      {
        width: 300,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: () => [0, this.#epochs] },
          y: { range: (_, __, largest) => [0, text.top ?? Math.max(largest ?? 0, 0.1) * 1.05] },
        },
        axes: [
          { ...axis, size: 32, incrs: [0.1, 0.2, 0.5, 1, 2, 5, 10] },
          { ...axis, size: 48, values: (_, values) => values.map(text.format) },
        ],
        series: [
          {},
          { stroke: colour("--accent"), width: 2, points: { show: false } },
          {
            stroke: colour("--good"),
            fill: "transparent",
            width: 2,
            dash: [6, 4],
            spanGaps: true,
            points: { show: true, size: 8, fill: colour("--good") },
          },
        ],
      },
      [[], [], []],
      place,
    );
    new ResizeObserver(() => this.#plot.setSize({ width: place.clientWidth, height: HEIGHT })).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#plot.redraw());
  }

  show(x: readonly number[], training: Figures, test: Figures, epochs: number): void {
    this.#epochs = epochs;
    this.#plot.setData([[...x], [...training], [...test]]);
    const { title, format } = this.#text;
    const [now, tested] = [lastOf(training), lastOf(test)];
    const parts = [
      now === undefined ? "no curve yet" : `${format(now)} while training`,
      ...(tested === undefined ? [] : [`${format(tested)} on the test digits`]),
    ];
    this.#plot.root.parentElement?.setAttribute("aria-label", `${title} by epoch: ${parts.join(", ")}`);
  }
}

function lastOf(figures: Figures): number | undefined {
  return figures.findLast((figure) => figure !== null) ?? undefined;
}
