import type { StreamInput } from '../wire/stream-input.ts';
import type { StreamOutput } from '../wire/stream-output.ts';
import { type Codec, underField, underPath } from './codec.ts';

/** Reads and writes the fields of a struct. Errors carry the name of the field. */
export interface FieldFunctions {
  readonly read: (input: StreamInput) => Record<string, unknown>;
  readonly write: (output: StreamOutput, value: Record<string, unknown>) => void;
}

type Fields = readonly Codec<unknown, unknown>[];

/**
 * Makes the functions of one struct. They are made as source text, because an object literal gets its shape at once, where setting one named
 * property after the other costs fifteen times as much (bench: action/decode). Names and codecs come from a definition, never from a peer; where
 * the process forbids code from text (`--disallow-code-generation-from-strings`), loops do the same.
 */
export function compileFields(names: readonly string[], codecs: Fields): FieldFunctions {
  try {
    return { read: make(names, codecs, readSource(names), underPath), write: make(names, codecs, writeSource(names), underField) };
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    return { read: readLoop(names, codecs), write: writeLoop(names, codecs) };
  }
}

function make<F>(names: readonly string[], codecs: Fields, body: string, explain: (error: unknown, name: string) => unknown): F {
  const locals = codecs.map((_codec, i) => `const c${i} = codecs[${i}];`).join('');
  // oxlint-disable-next-line typescript/no-implied-eval -- see compileFields
  return new Function('names', 'codecs', 'explain', `'use strict';${locals}${body}`)(names, codecs, explain) as F;
}

/** `i` is the field under way, for the path of an error. */
function readSource(names: readonly string[]): string {
  const fields = names.map((name, i) => `[${JSON.stringify(name)}]: (i = ${i}, c${i}.read(input))`).join(', ');
  return `return (input) => { let i = 0; try { return { ${fields} }; } catch (error) { throw explain(error, names[i]); } };`;
}

function writeSource(names: readonly string[]): string {
  const fields = names.map((name, i) => `i = ${i}; c${i}.write(output, value[${JSON.stringify(name)}]);`).join(' ');
  return `return (output, value) => { let i = 0; try { ${fields} } catch (error) { throw explain(error, names[i]); } };`;
}

function readLoop(names: readonly string[], codecs: Fields): FieldFunctions['read'] {
  return (input) => {
    const out: Record<string, unknown> = {};
    let i = 0;
    try {
      for (; i < names.length; i++) out[names[i] as string] = codecs[i]?.read(input);
    } catch (error) {
      throw underPath(error, names[i] as string);
    }
    return out;
  };
}

function writeLoop(names: readonly string[], codecs: Fields): FieldFunctions['write'] {
  return (output, value) => {
    let i = 0;
    try {
      for (; i < names.length; i++) codecs[i]?.write(output, value[names[i] as string]);
    } catch (error) {
      throw underField(error, names[i] as string);
    }
  };
}
