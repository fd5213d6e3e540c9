/** How the program was called: in a clone of the repository by `npm run mnist --`. */
export function programName(): string {
  return process.env.npm_lifecycle_event === "mnist" ? "npm run mnist --" : "tinyconv";
}

/** An argument as a shell takes it, in quotes where it needs them. */
export function quoteForShell(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
