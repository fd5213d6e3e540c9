import { styleText } from "node:util";

/**
 * Text in a style, where the stream is a terminal that wants it: not with `NO_COLOR` or `NODE_DISABLE_COLORS` in the
 * environment, nor in a file or a pipe unless `FORCE_COLOR` is there.
 */
export function paint(
  style: Parameters<typeof styleText>[0],
  text: string,
  stream: NodeJS.WritableStream,
): string {
  return styleText(style, text, { stream });
}
