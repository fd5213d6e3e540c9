/** HTML as it is, which needs no more escaping. */
export class Html {
  constructor(readonly text: string) {}
}

/** What may stand in a `html` template. Nothing is shown for undefined and false. */
export type HtmlValue = string | number | Html | undefined | false | readonly HtmlValue[];

/**
 * HTML from a template: texts that are put into it are escaped, HTML is not, and of a list each is put in.
 *
 * ```ts
 * html`<p>${"5 < 6"}</p>`.text // <p>5 &lt; 6</p>
 * ```
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(strings.reduce((all, string, i) => `${all}${textOf(values[i - 1])}${string}`));
}

function textOf(value: HtmlValue): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.text;
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  return value.map(textOf).join("");
}

/** A text as HTML and XML show it, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
