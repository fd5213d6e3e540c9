import { RIGHT } from "./right/section.js";
import type { Section } from "./section.js";

/** In the order of docs/trust.md. */
export const SECTIONS: readonly Section[] = [RIGHT];
