/*
 * A process of its own that writes the second version of a save into a folder: `tsx save-once.ts NAME FOLDER`.
 */
import { SAVES } from "./saves.js";

const [name, folder] = process.argv.slice(2) as [keyof typeof SAVES, string];
await SAVES[name].write(folder, 2);
