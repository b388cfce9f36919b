import { TIME_UNITS } from '../../src/protocol/codec/time-value.ts';
import { type SchemaAlgebra, schemaFold } from '../../src/protocol/codec/fold-schema.ts';
import type { BytesSchema, CustomSchema, ScalarSchema, Schema } from '../../src/protocol/codec/schema.ts';
import { NoArbitrary } from './arbitraries.ts';

/** Deeper than this, lists and maps are empty and optional values are null. */
const MAX_DEPTH = 7;

/** Deeper than this, a list has one element at most. */
const BROAD_DEPTH = 3;

/**
 * Decisions by which a value is made, as numbers from 0 up to but not including 1. One list of the value is long: its elements are made by the
 * same decisions, again and again, so that a few numbers say what a large value is made of.
 */
export class Recipe {
  readonly genes: readonly number[];
  /** Which list, of those met one after the other, is the long one. */
  readonly longList: number;
  readonly longLength: number;
  #next = 0;
  #lists = 0;
  /** Counts elements of the long list, so that names in them can differ. */
  serial = 0;

  constructor(genes: readonly number[], longList: number, longLength: number) {
    this.genes = genes;
    this.longList = longList;
    this.longLength = longLength;
  }

  below(count: number): number {
    const gene = this.genes[this.#next++ % this.genes.length] as number;
    return Math.min(Math.floor(gene * count), count - 1);
  }

  /** Elements of the next list: the long one, or a few. */
  list<T>(depth: number, make: () => T): T[] {
    const isLong = this.#lists++ === this.longList;
    const few = this.below(4);
    const most = depth > MAX_DEPTH ? 0 : depth > BROAD_DEPTH ? 1 : 3;
    const count = isLong ? this.longLength : Math.min(few, most);
    const start = this.#next;
    const lists = this.#lists;
    return Array.from({ length: count }, () => {
      if (isLong) {
        this.#next = start;
        this.#lists = lists;
        this.serial++;
      }
      return make();
    });
  }

  get listCount(): number {
    return this.#lists;
  }
}

type Maker = (recipe: Recipe, depth: number) => unknown;

const TEXTS = [
  () => '',
  () => 'a',
  () => 'ab',
  () => 'é',
  () => '\ud800',
  () => 'a name of some length',
  ({ serial }: Recipe) => serial.toString(36),
  ({ serial }: Recipe) => String(serial * 1000),
  () => '300',
] as const;

const textOf = (recipe: Recipe): string => TEXTS[recipe.below(TEXTS.length)]?.(recipe) ?? '';

const members = (recipe: Recipe, depth: number, of: Maker): Record<string, unknown> =>
  Object.fromEntries(recipe.list(depth, () => [textOf(recipe), of(recipe, depth + 1)] as const));

const algebra: SchemaAlgebra<Maker> = {
  scalar: (schema) => (recipe) => scalarOf(schema, recipe),
  bytes: (schema) => (recipe) => bytesOf(schema, recipe),
  enum:
    ({ values }) =>
    (recipe) =>
      values[recipe.below(values.length)],
  enumSet:
    ({ values }) =>
    (recipe) =>
      values.slice(0, recipe.below(values.length + 1)),
  list: (of) => (recipe, depth) => recipe.list(depth, () => of(recipe, depth + 1)),
  map: (of) => (recipe, depth) => members(recipe, depth, of),
  mapOfLists: (of) => (recipe, depth) => members(recipe, depth, () => recipe.list(depth + 1, () => of(recipe, depth + 2))),
  optional: (of) => (recipe, depth) => (recipe.below(3) === 0 || depth > MAX_DEPTH ? null : of(recipe, depth + 1)),
  struct: (fields) => (recipe, depth) => Object.fromEntries(fields.map(({ name, result }) => [name, result(recipe, depth + 1)])),
  gate: (of) => of,
  lazy: (of) => (recipe, depth) => of()(recipe, depth + 1),
  union:
    (cases, { discriminator }) =>
    (recipe, depth) => {
      const chosen = cases[depth > MAX_DEPTH ? 0 : recipe.below(cases.length)];
      if (chosen === undefined) return null;
      const value = chosen.result(recipe, depth + 1);
      return discriminator === null ? { [chosen.name]: value } : { [discriminator]: chosen.name, ...(value as object) };
    },
  custom: (schema) => (recipe, depth) => customOf(schema, recipe, depth),
};

/** Returns what makes values of a schema. @throws NoArbitrary when it is used and meets a custom schema that is not listed here */
export const costlyValues: (schema: Schema) => Maker = schemaFold(algebra);

function bytesOf({ multipleOf: width = 1 }: BytesSchema, recipe: Recipe): Uint8Array {
  return new Uint8Array(width * ([0, 1, 2, 9, 60][recipe.below(5)] ?? 0));
}

function scalarOf({ kind, as }: ScalarSchema, recipe: Recipe): unknown {
  switch (kind) {
    case 'boolean':
      return recipe.below(2) === 1;
    case 'optionalBoolean':
      return [null, true][recipe.below(2)];
    case 'string':
    case 'text':
    case 'secureString':
      return kind === 'string' ? textOf(recipe) : textOf(recipe).replace('\ud800', '');
    case 'float':
    case 'double':
      return [0, 0.5][recipe.below(2)];
    default: {
      const value = [0, 100][recipe.below(2)] as number;
      return as === 'bigint' ? BigInt(value) : value;
    }
  }
}

function genericOf(recipe: Recipe, depth: number): unknown {
  const text = textOf(recipe);
  const kinds = [
    () => ({ t: 'null', v: null }),
    () => ({ t: 'string', v: text }),
    () => ({ t: 'byte', v: 1 }),
    () => ({ t: 'boolean', v: true }),
    () => ({ t: 'short', v: 1 }),
    () => ({ t: 'bytes', v: new Uint8Array(recipe.below(3)) }),
    () => ({ t: 'bigInteger', v: BigInt(recipe.below(2) === 0 ? 7 : '9'.repeat(300)) }),
    () => ({ t: 'scriptedAvg', sum: 0.5, count: 1 }),
    () => ({ t: 'jodaDateTime', zone: text, epochMillis: 0 }),
    () => ({ t: 'ints', v: recipe.list(depth, () => 1) }),
    () => ({ t: 'list', v: recipe.list(depth, () => genericOf(recipe, depth + 1)) }),
    () => ({ t: 'list', v: recipe.list(depth, () => genericOf(recipe, depth + 1)) }),
    () => genericMap(recipe, depth),
  ];
  return kinds[depth > MAX_DEPTH ? 0 : recipe.below(kinds.length)]?.();
}

function genericMap(recipe: Recipe, depth: number): unknown {
  return { t: 'map', v: recipe.list(depth, () => [textOf(recipe), genericOf(recipe, depth + 1)]) };
}

const CLASSES = [
  'java.lang.NullPointerException',
  'java.lang.IllegalStateException',
  'java.io.IOException',
  'org.opensearch.index.IndexNotFoundException',
  'org.opensearch.OpenSearchException',
];

function exceptionOf(recipe: Recipe, depth: number): unknown {
  const name = CLASSES[recipe.below(CLASSES.length)] as string;
  const isOwn = name.startsWith('org.');
  const message = recipe.below(2) === 0 ? null : textOf(recipe);
  const cause = depth > MAX_DEPTH || name.endsWith('NullPointerException') || recipe.below(2) === 0 ? null : exceptionOf(recipe, depth + 1);
  const stack = recipe.list(depth, () => ({ class: textOf(recipe), file: null, method: textOf(recipe), line: 1 }));
  const suppressed = recipe.list(depth, () => exceptionOf(recipe, depth + 1));
  const lists = () => (isOwn ? members(recipe, depth, () => recipe.list(depth + 1, () => textOf(recipe))) : {});
  return { class: name, message, cause, stack, suppressed, headers: lists(), metadata: lists() };
}

const settingOf: Maker = (recipe, depth) => [textOf(recipe), null, recipe.list(depth, () => textOf(recipe))][recipe.below(3)];

/** Makers of hand-written codecs, by the names in their schemas. */
const CUSTOM: Readonly<Record<string, Maker>> = {
  null: () => null,
  genericValue: genericOf,
  genericMap,
  settings: (recipe, depth) => members(recipe, depth, settingOf),
  bigInteger: (recipe) => BigInt(recipe.below(2) === 0 ? 7 : '9'.repeat(300)),
  ip: (recipe) => '7f000001'.repeat(recipe.below(2) === 0 ? 1 : 4),
  nodeRoles: (recipe, depth) => recipe.list(depth, () => ({ name: textOf(recipe), abbreviation: textOf(recipe), canContainData: true })),
  timeUnit: (recipe) => TIME_UNITS[recipe.below(TIME_UNITS.length)],
  timeUnits: (recipe) => TIME_UNITS.slice(0, recipe.below(TIME_UNITS.length)),
  activeShardCount: (recipe) => recipe.below(3),
  exception: exceptionOf,
};

function customOf({ name }: CustomSchema, recipe: Recipe, depth: number): unknown {
  const make = CUSTOM[name];
  if (make === undefined) throw new NoArbitrary(name);
  return make(recipe, depth);
}
