import { messageOf } from "../message-of.js";
import { type CheckTask, checkLayer } from "./layer-check.js";

/*
 * Checks a layer beside the page, which stays awake meanwhile: a task comes, rows or a message go.
 */

self.onmessage = ({ data }: MessageEvent<CheckTask>) => {
  try {
    self.postMessage({ rows: checkLayer(data) });
  } catch (error) {
    self.postMessage({ problem: messageOf(error) });
  }
};
