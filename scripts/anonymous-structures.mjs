import { createRequire } from 'node:module';

/** The extractor's own TypeScript: the project's has no API for scripts. */
const ts = createRequire(createRequire(import.meta.url).resolve('@microsoft/api-extractor'))('typescript');

/** An object type in braces may have this many members; a larger one needs a name. */
const MOST_MEMBERS = 5;

/** Returns each anonymous object type of too many members in an API report: its line, the declaration around it and its number of members. */
export function anonymousStructures(report) {
  const code = /```ts\n([\s\S]*?)```/.exec(report);
  if (code === null) throw new Error('the report holds no block of code');
  const source = ts.createSourceFile('report.ts', code[1], ts.ScriptTarget.Latest, true);
  const linesBefore = report.slice(0, code.index).split('\n').length;
  const found = [];
  const visit = (node, owner) => {
    const name = node.name?.text ?? owner;
    if (ts.isTypeLiteralNode(node) && node.members.length > MOST_MEMBERS) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ line: linesBefore + 1 + line, owner: name, members: node.members.length });
    }
    ts.forEachChild(node, (child) => visit(child, name));
  };
  visit(source, 'the report');
  return found;
}
