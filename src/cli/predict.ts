import { Command } from "commander";
import { type PreparedDigit, prepareDigit } from "../mnist/prepare/prepare-digit.js";
import type { Sequential } from "../model/sequential.js";
import { messageOf } from "../node/file-errors.js";
import { formatPercent } from "../node/numbers.js";
import { findSharp, readImageBy, type Sharp } from "../node/read-image.js";
import { useBackend } from "./backend.js";
import { EXIT_CODES, examples, jsonOption } from "./common-options.js";
import { readDigitModel } from "./digit-model.js";
import { drawDigit } from "./draw-digit.js";
import { ExitCode, Failure, readInput } from "./failure.js";
import { files, folder } from "./option-values.js";
import { paint } from "./paint.js";
import type { Surroundings } from "./surroundings.js";

/** What a picture shows, in the opinion of a model. */
interface Prediction {
  readonly file: string;
  readonly digit: number;
  /** Of that digit. */
  readonly probability: number;
  /** Of 0 to 9. */
  readonly probabilities: readonly number[];
  /** The picture as the model saw it. */
  readonly prepared: PreparedDigit;
}

/** The command `tinyconv predict RUN IMAGE...`: which digit a picture shows. */
export function predictCommand(surroundings: Surroundings): Command {
  return new Command("predict")
    .summary("tell which digit a picture or a photo shows")
    .description(
      "Tells which digit a picture shows: PNG, JPEG or WebP of any size, dark on light or light on dark. " +
        "It is prepared as the digits of MNIST were. Needs the package sharp.",
    )
    .argument("<run>", "the folder that train has written", folder("<run>"))
    .argument("<image...>", "pictures of one digit each", files("<image>"))
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `\n${examples([
        ["tinyconv predict runs/latest seven.png"],
        ["tinyconv predict runs/latest photos/*.jpg --json"],
      ])}\n${EXIT_CODES}`,
    )
    .action((run: string, images: readonly string[], options: { readonly json?: boolean }) =>
      predict(run, images, options, surroundings),
    );
}

async function predict(
  run: string,
  images: readonly string[],
  { json }: { readonly json?: boolean },
  { stdout, stderr, signal }: Surroundings,
): Promise<void> {
  const { model, sharp } = await readInput(async () => {
    useBackend({});
    return { model: await readDigitModel(run), sharp: await findSharp() };
  }, signal);
  const predictions: Prediction[] = [];
  const failures: unknown[] = [];
  for (const file of images) {
    signal.throwIfAborted();
    try {
      const prediction = await predictImage(model, file, sharp);
      predictions.push(prediction);
      if (!json) stdout.write(`${formatPrediction(prediction, stdout)}\n\n`);
    } catch (error) {
      failures.push(error); // the others are told all the same
      stderr.write(`tinyconv: ${messageOf(error)}\n`);
    }
  }
  if (json) {
    const plain = predictions.map(({ prepared: { inverted, box }, ...rest }) => ({ ...rest, inverted, box }));
    stdout.write(`${JSON.stringify(plain, null, 2)}\n`);
  }
  if (failures.length > 0) {
    const message = `${failures.length} of ${images.length} pictures could not be read.`;
    throw new Failure(message, ExitCode.badInput, { cause: failures[0] });
  }
}

async function predictImage(model: Sequential, file: string, sharp: Sharp): Promise<Prediction> {
  const prepared = prepareDigit(await readImageBy(sharp, file), file);
  const images = { data: prepared.pixels, shape: [1, 28, 28, 1] };
  const probabilities = [...model.predict(images).data];
  const digit = probabilities.indexOf(Math.max(...probabilities));
  return { file, digit, probability: probabilities[digit]!, probabilities, prepared };
}

const BAR = 30;

/** The digit, what the model saw, and the ten probabilities as bars beside it. */
function formatPrediction(
  { file, digit, probability, probabilities, prepared }: Prediction,
  stream: NodeJS.WriteStream,
): string {
  const drawing = drawDigit(prepared.pixels, 28);
  const bars = probabilities.map((p, k) => {
    const line = `${k}  ${"#".repeat(Math.round(p * BAR)).padEnd(BAR)}  ${formatPercent(p, 1).padStart(6)}`;
    return k === digit ? paint("bold", line, stream) : line;
  });
  const height = Math.max(drawing.length, bars.length);
  const rows = Array.from({ length: height }, (_, i) =>
    `  ${(drawing[i] ?? "").padEnd(30)}${bars[i] ?? ""}`.trimEnd(),
  );
  const heading = `${file}: ${paint("bold", String(digit), stream)} (${formatPercent(probability, 1)})${prepared.inverted ? ", light on dark" : ""}`;
  return [heading, "", ...rows].join("\n");
}
