import { Command, type OutputConfiguration } from "commander";
import type { TrainSettings } from "./settings.js";
import { TRAIN_NOTES, trainCommand } from "./train-command.js";
import { version } from "./version.js";

/**
 * The command line of `tinyconv`.
 *
 * @param train What the command `train`, which is also the default one, calls with the options as read.
 * @param others The other commands.
 * @param output Where help goes, and how wide it may be. @default the terminal
 */
export function createProgram(
  train: (settings: TrainSettings) => Promise<void>,
  others: readonly Command[] = [],
  output: OutputConfiguration = {},
): Command {
  const program = new Command("tinyconv")
    .description("Trains convolutional neural networks written from scratch in TypeScript, and uses them.")
    .usage("[command] [options]")
    .version(version, "--version", "print the version")
    .helpCommand(false);
  const command = trainCommand(train);
  program.addCommand(command, { isDefault: true });
  for (const other of others) program.addCommand(other);
  for (const each of [program, ...program.commands]) {
    // whoever parses prints the error, and sets the exit code, which commander would make 1
    each
      .helpOption("-h, --help", "print this help")
      .exitOverride()
      .configureOutput({ ...output, outputError: () => {} });
  }
  // the options people look for are those of the default command
  program.addHelpText("after", () => `\n${command.helpInformation()}${TRAIN_NOTES}`);
  return program;
}
