/*
 * A process of its own that writes a file again and again, of one letter each time:
 * `node --import tsx atomic-writer.ts PATH LETTER LENGTH TIMES`.
 */
import { writeFileAtomically } from "../../src/node/write-file.js";

const [path, letter, length, times] = process.argv.slice(2) as [string, string, string, string];
for (let i = 0; i < Number(times); i++) await writeFileAtomically(path, letter.repeat(Number(length)));
