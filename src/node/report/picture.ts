import type { TopLevelSpec } from "vega-lite";
import { escapeHtml } from "./html.js";
import type { Libraries } from "./libraries.js";
import { chartConfig, LIGHT, PAGE, type Theme } from "./theme.js";

/** The pictures there can be, by the names of their files without the endings. */
export const PICTURE_NAMES = [
  "digits",
  "loss",
  "accuracy",
  "learning-rate",
  "confusion",
  "classes",
  "mistakes",
  "filters",
] as const;
/** One of `PICTURE_NAMES`. */
export type PictureName = (typeof PICTURE_NAMES)[number];

/** What a picture shows, before it is drawn. */
export interface Picture {
  readonly name: PictureName;
  readonly title: string;
  /** What there is to see, in words, for those who cannot see it. */
  readonly label: string;
  /** The chart as Vega-Lite wants it, with the colours of the theme. */
  readonly chart: (theme: Theme) => TopLevelSpec;
}

/** A picture as SVG. */
export interface DrawnPicture extends Picture {
  /** For a file: with its title, on white. */
  readonly fileSvg: string;
  /** For the page: without the title, which the page has, and in the page's colours and font. */
  readonly pageSvg: string;
}

/** Draws a picture. The same picture gives the same text, in any order: Vega numbers nothing that it draws here. */
export async function drawPicture(libraries: Libraries, picture: Picture): Promise<DrawnPicture> {
  const { title, label, chart } = picture;
  const file = { ...chart(LIGHT), config: chartConfig(LIGHT), title };
  const page = { ...chart(PAGE), config: chartConfig(PAGE) };
  return {
    ...picture,
    fileSvg: await renderSvg(libraries, file, `${title}: ${label}`),
    pageSvg: await renderSvg(libraries, page, `${title}: ${label}`),
  };
}

async function renderSvg({ vega, vegaLite }: Libraries, chart: TopLevelSpec, label: string): Promise<string> {
  const view = new vega.View(vega.parse(vegaLite.compile(chart).spec), { renderer: "none" });
  try {
    const svg = await view.toSVG();
    return `<svg role="img" aria-label="${escapeHtml(label)}"${svg.slice("<svg".length)}`;
  } finally {
    view.finalize();
  }
}
