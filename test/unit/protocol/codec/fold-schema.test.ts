import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lazy, list, optional, since, struct } from '../../../../src/protocol/codec/combinators.ts';
import type { Codec } from '../../../../src/protocol/codec/codec.ts';
import { type SchemaAlgebra, schemaFold } from '../../../../src/protocol/codec/fold-schema.ts';
import { bytes, int, string } from '../../../../src/protocol/codec/primitives.ts';
import type { Schema } from '../../../../src/protocol/codec/schema.ts';
import { union } from '../../../../src/protocol/codec/union.ts';
import { V_3_0_0 } from '../../../../src/protocol/wire/version.ts';

const names: SchemaAlgebra<string> = {
  scalar: ({ kind }) => kind,
  bytes: ({ name }) => name,
  enum: ({ values }) => values.join('/'),
  enumSet: ({ values }) => values.join('+'),
  list: (of) => `${of}[]`,
  map: (of) => `${of}{}`,
  mapOfLists: (of) => `${of}[]{}`,
  optional: (of) => `${of}?`,
  struct: (fields) => `{${fields.map(({ name, result }) => `${name}:${result}`).join(' ')}}`,
  gate: (of, older) => `<${of}${older === undefined ? '' : `|${older}`}>`,
  lazy: () => '…',
  union: (cases) => cases.map(({ name, result }) => `${name}${result}`).join('|'),
  custom: ({ name }) => name,
};

interface Tree {
  readonly left: Tree | null;
}
const tree: Codec<Tree> = struct({ left: optional(lazy('tree', () => tree)) });

describe('schemaFold', () => {
  it('makes the result of a schema from the results of the schemas inside', () => {
    const shape = union('shape', 'byte', { a: { tag: 0, codec: struct({ n: int }) }, b: { tag: 1, codec: struct({ s: list(string) }) } });
    const codec = struct({ shape, later: since(V_3_0_0, optional(bytes), null), tree });
    expect(schemaFold(names)(codec.schema)).toBe('{shape:a{n:int}|b{s:string[]} later:<bytesReference?> tree:{left:…?}}');
  });

  it('makes the result of each schema once, and of a recursive one at first use', () => {
    let structs = 0;
    const fold: (schema: Schema) => () => number = schemaFold<() => number>({
      ...(Object.fromEntries(Object.keys(names).map((kind) => [kind, () => () => 0])) as unknown as SchemaAlgebra<() => number>),
      optional: (of) => of,
      struct: ([left]) => {
        structs++;
        return () => (left?.result() ?? 0) + 1;
      },
      lazy: (of) => () => (of() === fold(tree.schema) ? 1 : -1),
    });
    expect(fold(tree.schema)()).toBe(2);
    expect(fold(tree.schema)).toBe(fold(tree.schema));
    expect(structs).toBe(1);
  });

  it('is the only place that looks at the kind of a schema', () => {
    const root = new URL('../../../../', import.meta.url);
    const offenders = ['src', 'scripts', 'test'].flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
        .map((file) => `${folder}/${file}`)
        .filter((file) => /\.(?:ts|mjs)$/.test(file))
        .filter((file) => looksAtKind(readFileSync(new URL(file, root), 'utf8'))),
    );
    expect(offenders).toEqual(['src/protocol/codec/fold-schema.ts']);
  });
});

/** True for code that takes the kind from a schema, or from the schema inside of one. */
function looksAtKind(source: string): boolean {
  return /\b(?:schema|of|inner)\??\.kind\b/i.test(source);
}
