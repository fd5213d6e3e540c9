/** The modules that a file imports or re-exports from, also by `import()`. Takes formatted source and built files. */
export function importsOf(code: string): string[] {
  const statements = /^(?:import|export|\}).*\bfrom "([^"]+)"|^import "([^"]+)"|\bimport\("([^"]+)"\)/gm;
  return [...code.matchAll(statements)].map((match) => match[1] ?? match[2] ?? match[3]!);
}
