import { describe } from "../tensor/expect.js";

/**
 * Checks the option `signal`.
 *
 * @throws TypeError if it is given and is not an AbortSignal.
 */
export function expectSignal(where: string, signal: AbortSignal | undefined): void {
  if (signal === undefined || typeof signal?.throwIfAborted === "function") return;
  throw new TypeError(
    `${where}: expected signal to be an AbortSignal, got ${describe(signal)}. An AbortController has it as \`signal\`.`,
  );
}
