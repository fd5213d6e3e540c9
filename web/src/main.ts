import { loadModel, type Sequential } from "tinyconv";
import { mountBackward } from "./backward/mount-backward.js";
import { mountBreak } from "./break/mount-break.js";
import { byId, element } from "./dom.js";
import { mountDraw } from "./draw/mount-draw.js";
import { mountLook } from "./look/mount-look.js";
import { messageOf } from "./message-of.js";
import { Playground } from "./playground.js";
import { mountTrain } from "./train/mount-train.js";

const MODEL = "compact.safetensors";

try {
  const playground = new Playground(await loadPretrained());
  mountDraw(mountOf("draw"), playground);
  mountLook(mountOf("look"), playground);
  mountTrain(mountOf("train"), playground);
  mountBackward(mountOf("backward"), playground);
  mountBreak(mountOf("break"));
} catch (error) {
  const text = `The page cannot start: ${messageOf(error)} Load it again.`;
  document.querySelector("main")?.prepend(element("p", { role: "alert", text }));
}

/** The network that the page starts with. */
async function loadPretrained(): Promise<Sequential> {
  const response = await fetch(`./${MODEL}`);
  if (!response.ok) {
    throw new Error(`${MODEL}: expected the server to have it, got the answer ${response.status}.`);
  }
  return loadModel(new Uint8Array(await response.arrayBuffer()));
}

/** The place for a section's content. */
function mountOf(section: string): HTMLElement {
  const mount = byId(section).querySelector<HTMLElement>("[data-mount]");
  if (!mount) throw new Error(`mountOf: expected a place to mount in #${section}, got none.`);
  return mount;
}
