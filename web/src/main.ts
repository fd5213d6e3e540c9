import { loadModel } from "tinyconv";
import { mountBackward } from "./backward/mount-backward.js";
import { mountBreak } from "./break/mount-break.js";
import { byId } from "./dom.js";
import { mountDraw } from "./draw/mount-draw.js";
import { mountLook } from "./look/mount-look.js";
import { Playground } from "./playground.js";
import { mountTrain } from "./train/mount-train.js";

const response = await fetch("./compact.safetensors");
if (!response.ok) throw new Error(`Cannot load the network: the server answers ${response.status}.`);
const playground = new Playground(loadModel(new Uint8Array(await response.arrayBuffer())));
mountDraw(mountOf("draw"), playground);
mountLook(mountOf("look"), playground);
mountTrain(mountOf("train"), playground);
mountBackward(mountOf("backward"), playground);
mountBreak(mountOf("break"));

/** The place for a section's content. */
function mountOf(section: string): HTMLElement {
  const mount = byId(section).querySelector<HTMLElement>("[data-mount]");
  if (!mount) throw new Error(`mountOf: expected a place to mount in #${section}, got none.`);
  return mount;
}
