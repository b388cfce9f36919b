import { type ByteSizeValue, byteSizeValue } from '../../codec/byte-size-value.ts';
import type { Codec } from '../../codec/codec.ts';
import { optional, struct } from '../../codec/combinators.ts';
import { boolean, string } from '../../codec/primitives.ts';
import { timeValue } from '../../codec/time-value.ts';
import { UsageError } from '../../error/transport-error.ts';
import type { StreamInput } from '../../wire/stream-input.ts';
import type { StreamOutput } from '../../wire/stream-output.ts';
import { V_3_9_0 } from '../../wire/version.ts';
import type { SettingParser } from './setting.ts';
import { DEFAULT_CODECS, type SettingType } from './setting-type.ts';

/** What parses the text of a setting, with its bounds. */
export interface Parser extends SettingParser {
  readonly min: unknown;
  readonly max: unknown;
  /** True for a size that may be a part of the heap (`10%`) and has no bounds. */
  readonly memory: boolean;
}

/** Numbers: min, max, `str` key, `bool` filtered. */
function numberParser(type: 'Integer' | 'Long' | 'Float' | 'Double'): Codec<Parser> {
  const bound = DEFAULT_CODECS[type] as Codec<unknown>;
  const parts = struct({ min: bound, max: bound, key: string, filtered: boolean });
  const read = (input: StreamInput): Parser => {
    const { min, max, key, filtered } = parts.read(input);
    return { memory: false, native: false, min, max, key, filtered };
  };
  return { ...parts, read };
}

const timeParts = struct({ key: string, min: timeValue });

/** TimeValue: `bool` has max, `str` key, TimeValue min, TimeValue max if there is one, `bool` filtered. */
const timeParser: Codec<Parser> = {
  schema: timeParts.schema,
  read: (input) => {
    const bounded = boolean.read(input);
    const { key, min } = timeParts.read(input);
    const max = bounded ? timeValue.read(input) : null;
    return { memory: false, native: false, key, min, max, filtered: boolean.read(input) };
  },
  write: (output, { key, min, max, filtered }) => {
    boolean.write(output, max !== null);
    timeParts.write(output, { key, min } as never);
    if (max !== null) timeValue.write(output, max as never);
    boolean.write(output, filtered);
  },
};

const sizeParts = struct({ min: byteSizeValue, max: byteSizeValue, key: string });

/**
 * ByteSizeValue: `bool` bounded, then min, max and `str` key, or for a memory size `str` key and, from a node of 3.9 on, `bool` native, whatever the
 * stream version.
 */
const sizeParser: Codec<Parser> = {
  schema: sizeParts.schema,
  read: (input) => (boolean.read(input) ? boundedParser(input) : memoryParser(input)),
  write: (output, value) => {
    boolean.write(output, !value.memory);
    if (value.memory) writeMemoryParser(output, value);
    else sizeParts.write(output, value as Parser & { readonly min: ByteSizeValue; readonly max: ByteSizeValue });
  },
};

function boundedParser(input: StreamInput): Parser {
  const { min, max, key } = sizeParts.read(input);
  return { memory: false, native: false, filtered: false, min, max, key };
}

function memoryParser(input: StreamInput): Parser {
  const key = string.read(input);
  const native = input.peerVersion >= V_3_9_0 ? boolean.read(input) : false;
  return { key, min: null, max: null, filtered: false, memory: true, native };
}

function writeMemoryParser(output: StreamOutput, { key, native }: Parser): void {
  string.write(output, key);
  if (output.peerVersion >= V_3_9_0) boolean.write(output, native);
}

const noParser = (type: SettingType): Codec<Parser> => ({
  schema: string.schema,
  read: (input) => {
    throw input.fail(`a ${type} setting has no parser`);
  },
  write: () => {
    throw new UsageError('ERR_USAGE', {}, `a ${type} setting has no bounds and no parser`);
  },
});

/** `bool`, then the parser of a type. @see wire-format.md §11.12 */
export const PARSERS: Readonly<Record<SettingType, Codec<Parser | null, Parser | null | undefined>>> = {
  Boolean: optional(noParser('Boolean')),
  Integer: optional(numberParser('Integer')),
  Long: optional(numberParser('Long')),
  Float: optional(numberParser('Float')),
  Double: optional(numberParser('Double')),
  String: optional(noParser('String')),
  TimeValue: optional(timeParser),
  ByteSizeValue: optional(sizeParser),
  Version: optional(noParser('Version')),
};
