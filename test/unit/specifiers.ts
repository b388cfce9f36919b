/** How a module names another one. `static` loads it at once; `type` is erased; `dynamic` waits for the call. */
export interface Specifier {
  readonly kind: 'static' | 'type' | 'dynamic';
  readonly name: string;
}

// The formatter puts every import and export statement at the beginning of a line, and its clause holds names, braces, commas and stars only.
const STATEMENT = /^(?:import|export)\s+(type\s+)?(?:[\w$*{},\s]+?\s+from\s+)?(['"])([^'"\n]+)\2/gm;
const CALL = /\b(?:import|require|require\.resolve|import\.meta\.resolve)\(\s*(['"`])([^'"`\n]+)\1/g;
const COMMENT = /^\s*(?:\/\*|\*|\/\/).*$/gm;

/** Every module that a source (`.ts`, `.js` or `.d.ts`) names by a literal, in the order of the kinds. */
export function specifiersOf(source: string): Specifier[] {
  const code = source.replace(COMMENT, '');
  const statements = [...code.matchAll(STATEMENT)].map(([, type, , name]) => ({ kind: type ? 'type' : 'static', name }) as Specifier);
  const calls = [...code.matchAll(CALL)].map(([, , name]) => ({ kind: 'dynamic', name }) as Specifier);
  return [...statements, ...calls];
}

/** A source without its comments, for rules about words. Text that looks like a comment inside a string goes too. */
export function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
