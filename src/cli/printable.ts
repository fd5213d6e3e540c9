/*
 * Text out of a file may come from anywhere. A terminal takes some characters for commands: ESC and the like move the cursor
 * or change the title, and the marks of right-to-left writing change the order in which the rest is shown.
 */

const COMMANDS = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/gu;
const SHOWN_CHARACTERS = 100;

/** The text with what a terminal may take for a command as JavaScript writes it: `\u001b`. */
export function printable(text: string): string {
  return text.replace(COMMANDS, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Several lines, each printable. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** A name or another short text, printable, cut where it is long. */
export function printableName(text: string): string {
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
  return printable(shown);
}

/** A value as JSON, for a terminal as well as for a program: the escapes are those of JSON, and in its texts only. */
export function printableJson(value: unknown): string {
  return printableLines(JSON.stringify(value, null, 2));
}
