/** A link to lines of a file, as in [`forward`](../src/layers/dense.ts#L82-L90). */
export interface LineLink {
  /** The whole link. */
  readonly text: string;
  /** What the first of the lines declares or, where it is not a name, says. */
  readonly name: string;
  /** The file, as seen from the document. */
  readonly path: string;
  /** `L82-L90`, or `L82` for a single line. */
  readonly lines: string;
}

/** All links of a document that lead to lines. */
export function lineLinks(markdown: string): readonly LineLink[] {
  return [...markdown.matchAll(/\[`([^`]+)`\]\(([^)#]+)#(L[^)]*)\)/g)].map(([text, name, path, lines]) => ({
    text,
    name: name!,
    path: path!,
    lines: lines!,
  }));
}

/**
 * Where a link with that name may lead to: for a name, from the line that declares it to the bracket that closes it; for
 * another text, such as `dx = dy·Wᵀ`, to a line that has it in it.
 */
export function linesNamed(name: string, source: string): readonly string[] {
  const lines = source.split("\n");
  const isDeclaration = /^#?\w+$/.test(name) ? declarationOf(name) : undefined;
  return lines.flatMap((line, i) => {
    if (!isDeclaration) return line.includes(name) ? [`L${i + 1}`] : [];
    if (!isDeclaration.test(line)) return [];
    const end = line.endsWith(";") ? i : closingLine(lines, i);
    return [end === i ? `L${i + 1}` : `L${i + 1}-L${end + 1}`];
  });
}

/** Matches functions, types and constants at the beginning of a line, and members of classes and interfaces. */
function declarationOf(name: string): RegExp {
  const outer = `(?:export )?(?:async )?(?:function|class|interface|type|const) ${name}\\b`;
  // unlike a call, a method has a type behind its parameters, in the same line or, after "(", in a later one
  const method = ` +(?:static |async |get )*${name}\\((?:.*\\): .*(?:\\{|;))?`;
  const field = ` +(?:static |readonly )+${name}: .*;`;
  return new RegExp(`^(?:${outer}.*|${method}|${field})$`);
}

/** The next line that has the same indentation and nothing but closing brackets. */
function closingLine(lines: readonly string[], first: number): number {
  const indentation = /^ */.exec(lines[first]!)![0];
  const closing = new RegExp(`^${indentation}[\\])}]+[;,]?$`);
  const length = lines.slice(first + 1).findIndex((line) => closing.test(line));
  return length === -1 ? first : first + 1 + length;
}
