import type { Config } from "vega-lite";

/** The colours and the font of the report. */
export interface Theme {
  /** Text and numbers. */
  readonly ink: string;
  /** Labels of axes, and other text of less weight. */
  readonly muted: string;
  /** Grid lines and borders. */
  readonly line: string;
  /** What all is drawn on. */
  readonly paper: string;
  /** Training, and the first of any two things. */
  readonly first: string;
  /** Validation, and the second of two things; also filter weights below zero. */
  readonly second: string;
  /** Answers that are wrong, as a text. */
  readonly wrong: string;
  /** Answers that are wrong, behind a number in `ink`. */
  readonly wrongArea: string;
  /** Answers that are right, behind a number in `ink`. */
  readonly rightArea: string;
  readonly font: string;
}

type Colours = Omit<Theme, "font">;

/** The theme of the separate files, which stand on white wherever they are put. */
export const LIGHT: Theme = {
  ink: "#1d2530",
  muted: "#566170",
  line: "#dde2e8",
  paper: "#ffffff",
  first: "#1f6fb2",
  second: "#c8561b",
  wrong: "#b3361a",
  wrongArea: "#f0834d",
  rightArea: "#cfe3d4",
  font: "sans-serif",
};

const DARK: Colours = {
  ink: "#e8ebef",
  muted: "#a3adba",
  line: "#353d49",
  paper: "#171b21",
  first: "#6cb2ee",
  second: "#f0935c",
  wrong: "#ff9a7a",
  wrongArea: "#a8441a",
  rightArea: "#234032",
};

/**
 * The theme of the pictures inside the page: no colours but names of them, so that the same picture is light or dark as
 * the reader's system is. What they stand for is in `THEME_CSS`.
 */
export const PAGE: Theme = {
  ink: "var(--ink)",
  muted: "var(--muted)",
  line: "var(--line)",
  paper: "transparent",
  first: "var(--first)",
  second: "var(--second)",
  wrong: "var(--wrong)",
  wrongArea: "var(--wrong-area)",
  rightArea: "var(--right-area)",
  font: "inherit",
};

function declarations({
  ink,
  muted,
  line,
  paper,
  first,
  second,
  wrong,
  wrongArea,
  rightArea,
}: Colours): string {
  return [
    `--ink: ${ink}; --muted: ${muted}; --line: ${line}; --paper: ${paper}; --first: ${first};`,
    `--second: ${second}; --wrong: ${wrong}; --wrong-area: ${wrongArea}; --right-area: ${rightArea};`,
  ].join(" ");
}

/** The colours that `PAGE` names, as CSS: light, or dark where the reader's system is. Paper is white when printed. */
export const THEME_CSS = `:root { color-scheme: light dark; ${declarations(LIGHT)} }
@media screen and (prefers-color-scheme: dark) { :root { ${declarations(DARK)} } }`;

/** How charts look in a theme: calm axes, and no frame. */
export function chartConfig({ ink, muted, line, paper, font }: Theme): Config {
  const text = { labelColor: muted, titleColor: muted, labelFontSize: 12, titleFontSize: 12 };
  return {
    aria: false, // the whole picture has a label, and its parts need none
    background: paper,
    padding: 4,
    font,
    view: { stroke: null },
    title: { color: ink, fontSize: 15, anchor: "start", offset: 14 },
    axis: {
      ...text,
      titleFontWeight: "normal",
      titlePadding: 8,
      labelPadding: 5,
      gridColor: line,
      domainColor: line,
      tickColor: line,
    },
    legend: {
      ...text,
      labelColor: ink,
      title: null,
      orient: "top",
      symbolStrokeWidth: 2.5,
      labelLimit: 0,
      offset: 8,
    },
  };
}
