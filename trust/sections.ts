import { BRANCHES } from "./coverage/section.js";
import { FAULTS } from "./faults/section.js";
import { INPUT } from "./input/section.js";
import { LOAD } from "./load/section.js";
import { MUTANTS } from "./mutants/section.js";
import { RIGHT } from "./right/section.js";
import { SAME } from "./same/section.js";
import type { Section } from "./section.js";
import { SUPPLY } from "./supply/section.js";

/** In the order of docs/trust.md. */
export const SECTIONS: readonly Section[] = [RIGHT, MUTANTS, BRANCHES, SAME, FAULTS, LOAD, INPUT, SUPPLY];
