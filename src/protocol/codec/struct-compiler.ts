import { COST } from '../wire/allowance.ts';
import type { StreamInput } from '../wire/stream-input.ts';
import type { StreamOutput } from '../wire/stream-output.ts';
import { type Codec, underField, underPath } from './codec.ts';
import { OmittedBlocks } from './omitted-blocks.ts';

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
    return { read: make(names, codecs, readSource(names), underPath), write: make(names, codecs, writeSource(names, codecs), underField) };
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    return { read: readLoop(names, codecs), write: writeLoop(names, codecs) };
  }
}

function make<F>(names: readonly string[], codecs: Fields, body: string, explain: (error: unknown, name: string) => unknown): F {
  const locals = codecs.map((_codec, i) => `const c${i} = codecs[${i}];`).join('');
  const source = `'use strict';${locals}${body}`;
  // oxlint-disable-next-line typescript/no-implied-eval -- see compileFields
  return new Function('names', 'codecs', 'explain', 'omitted', source)(names, codecs, explain, new OmittedBlocks(codecs)) as F;
}

const costOf = (names: readonly string[]): number => COST.object + names.length * COST.field;

/** `i` is the field under way, for the path of an error. */
function readSource(names: readonly string[]): string {
  const fields = names.map((name, i) => `${keySource(name)}: (i = ${i}, c${i}.read(input))`).join(', ');
  return `return (input) => { if ((input.allowance -= ${costOf(names)}) < 0) input.overspent(); let i = 0; try { return { ${fields} }; } catch (error) { throw explain(error, names[i]); } };`;
}

/** A computed name costs four times the memory: the engine does not reserve room for its field. Only `__proto__` has to be one. */
function keySource(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : JSON.stringify(name);
}

/** Runs of fields that may be left out are tried as a whole, then in halves: those left out side by side are one block of bytes. */
function writeSource(names: readonly string[], codecs: Fields): string {
  let slot = 0;
  const write = (first: number, end: number): string => {
    if (end - first === 1) return `i = ${first}; c${first}.write(output, v${first});`;
    const middle = (first + end) >> 1;
    const allOmitted = codecs.slice(first, end).map((_codec, i) => `v${first + i} === undefined`);
    const block = `(block = omitted.of(output, ${slot++}, ${first}, ${end})) !== null`;
    return `if (${allOmitted.join(' && ')} && ${block}) output.writeBytes(block); else { ${write(first, middle)} ${write(middle, end)} }`;
  };
  const values = names.map((name, i) => `i = ${i}; const v${i} = value[${JSON.stringify(name)}];`).join(' ');
  const fields = runsOf(codecs).map(([first, end]) => write(first, end));
  const body = `${values} ${fields.join(' ')}`;
  return `return (output, value) => { let i = 0, block; try { ${body} } catch (error) { throw explain(error, names[i]); } };`;
}

/** Fields that may be left out and stand side by side, as ranges, and every other field by itself. */
function runsOf(codecs: Fields): [first: number, end: number][] {
  const runs: [number, number][] = [];
  let open = false;
  for (const [i, { canOmit, isDeterministic }] of codecs.entries()) {
    const last = runs.at(-1);
    const fits = canOmit === true && isDeterministic === true;
    if (fits && open && last !== undefined) last[1] = i + 1;
    else runs.push([i, i + 1]);
    open = fits;
  }
  return runs;
}

function readLoop(names: readonly string[], codecs: Fields): FieldFunctions['read'] {
  return (input) => {
    input.spend(costOf(names));
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
