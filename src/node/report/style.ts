import { THEME_CSS } from "./theme.js";

/** The page's style sheet. Nothing is wider than a phone of 360 pixels but what scrolls in a box of its own. */
export const STYLE = `${THEME_CSS}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  -webkit-text-size-adjust: 100%;
}
main { max-width: 992px; margin: 0 auto; padding: 32px 16px 48px; }
h1 { margin: 0; font-size: 22px; line-height: 1.3; font-weight: 600; overflow-wrap: anywhere; }
h2 { margin: 0; font-size: 20px; line-height: 1.3; font-weight: 600; }
h3 { margin: 0 0 8px; font-size: 15px; font-weight: 600; }
p { margin: 0; max-width: 72ch; font-size: 15px; }
p { color: var(--muted); }
section { padding-top: 28px; margin-top: 28px; border-top: 1px solid var(--line); }
.accuracy { margin: 20px 0 8px; color: var(--ink); font-size: 64px; line-height: 1; font-weight: 650; letter-spacing: -0.02em; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 16px 24px; padding-top: 24px; }
.figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.figures dd { margin: 0; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
.figures dt { color: var(--muted); font-size: 13px; }
.pictures { display: flex; flex-wrap: wrap; gap: 28px 40px; align-items: flex-start; }
figure { margin: 0; max-width: 100%; }
svg { display: block; max-width: 100%; height: auto; }
.scroll { overflow-x: auto; max-width: 100%; }
figcaption { margin-top: 8px; max-width: 52ch; color: var(--muted); font-size: 13px; }
pre { margin: 0; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { font: inherit; overflow-wrap: anywhere; white-space: pre-wrap; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 0 4px 24px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; }
thead th { color: var(--muted); font-weight: 400; }
th:first-child { padding-left: 0; text-align: left; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 270px), 1fr)); gap: 0 40px; font-size: 14px; }
.facts div { display: flex; justify-content: space-between; gap: 16px; padding: 5px 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--first); outline-offset: 2px; }
dl { margin: 0; }
section > * + * { margin-top: 16px; }
@media print { figure, tr, .figures div { break-inside: avoid; } h2, h3 { break-after: avoid; } }`;
