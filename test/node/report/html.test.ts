import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeHtml, Html, html } from "../../../src/node/report/html.js";

describe("html", () => {
  test("escapes the texts that are put in, and leaves HTML as it is", () => {
    expect(html`<p>${"5 < 6 & 7"}${html`<b>${8}</b>`}${new Html("<br>")}</p>`.text).toBe(
      "<p>5 &lt; 6 &amp; 7<b>8</b><br></p>",
    );
  });

  test("puts in each of a list", () => {
    expect(html`${["<", [1, html`<i>2</i>`]]}`.text).toBe("&lt;1<i>2</i>");
  });

  test("shows nothing for undefined and false, and shows zero and the empty text as they are", () => {
    expect(html`[${undefined}${false}${0}${""}]`.text).toBe("[0]");
  });

  test("leaves a template without values as it is", () => {
    expect(html`<hr>`.text).toBe("<hr>");
  });
});

describe("escapeHtml", () => {
  test("escapes what begins a tag, an entity or the end of an attribute", () => {
    expect(escapeHtml(`<a href="x" title='y'>&amp;`)).toBe(
      "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;",
    );
  });

  test("leaves no character of a text that HTML reads as its own, and loses nothing", () => {
    const read = (text: string): string =>
      text
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&quot;", '"')
        .replaceAll("&#39;", "'")
        .replaceAll("&amp;", "&");
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."<>&\"'l;ta#39mpq ") }), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']/);
        expect(read(escapeHtml(text))).toBe(text);
      }),
    );
  });
});
