import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { valueTypes } from '../../src/inspect/codec-port/value-types.ts';
import { catalogue } from '../../src/protocol/action/catalogue.ts';
import { extensionMessages } from '../../src/protocol/action/extension/messages.ts';
import { type AnyCodec, type Codec, encode } from '../../src/protocol/codec/codec.ts';
import { exception } from '../../src/protocol/codec/exception/exception.ts';
import { schemaFold } from '../../src/protocol/codec/fold-schema.ts';
import type { Schema } from '../../src/protocol/codec/schema.ts';
import { UsageError } from '../../src/protocol/error/transport-error.ts';
import { query } from '../../src/protocol/query/query.ts';
import { COST_PER_BYTE } from '../../src/protocol/wire/allowance.ts';
import { StreamInput } from '../../src/protocol/wire/stream-input.ts';
import { NoArbitrary } from '../support/arbitraries.ts';
import { costlyValues, Recipe } from '../support/costly-values.ts';
import { HeapSize } from '../support/heap-size.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';

/** Heap bytes that a body may turn into, for each of its bytes. */
const MOST_HEAP = 64;

/** Nanoseconds that reading a body may take, for each of its bytes, on a machine that does nothing else. */
const MOST_NANOS = 200;

/** `AMPLIFICATION_TRIES=2000` searches longer, on a machine that does nothing else. */
const LONG_TRIES = process.env['AMPLIFICATION_TRIES'];
const TRIES = Number(LONG_TRIES ?? 40);

/** Other tests run beside the quick search. */
const SLOWNESS = LONG_TRIES === undefined ? 4 : 1;

const SEED = Number(process.env['AMPLIFICATION_SEED'] ?? 20_240_611);

/** Where the table goes. */
const TABLE = '.cache/attack/amplification.json';

const LONG = 300;
const GENES = 24;
const MAX_BODY = 512 * 1024;
/** An allowance that no body uses up: the search asks what each would cost. */
const PLENTY = 0x3fff_ffff;

const codecs: Readonly<Record<string, AnyCodec>> = {
  ...valueTypes,
  query,
  exception,
  ...Object.fromEntries(Object.entries(extensionMessages).map(([name, codec]) => [`extension:${name}`, codec])),
  ...Object.fromEntries(
    catalogue.flatMap(({ name, request, response }) => [
      [`request:${name}`, request],
      [`response:${name}`, response],
    ]),
  ),
};

const constants = new Set<string>([
  't',
  'v',
  'null',
  'string',
  'list',
  'map',
  'class',
  'id',
  'message',
  'cause',
  'stack',
  'suppressed',
  'headers',
  'metadata',
  'extra',
]);
const visited = new Set<Schema>();
const collect = schemaFold<void>({
  scalar: () => undefined,
  bytes: () => undefined,
  enum: ({ values }) => values.forEach((value) => constants.add(value)),
  enumSet: ({ values }) => values.forEach((value) => constants.add(value)),
  list: () => undefined,
  map: () => undefined,
  mapOfLists: () => undefined,
  optional: () => undefined,
  struct: (fields) => fields.forEach(({ name }) => constants.add(name)),
  gate: () => undefined,
  lazy: (_of, schema) => {
    const inner = schema.of();
    if (visited.has(inner)) return;
    visited.add(inner);
    collect(inner);
  },
  union: (cases, { discriminator }) => [discriminator ?? '', ...cases.map(({ name }) => name)].forEach((name) => constants.add(name)),
  custom: () => undefined,
});
for (const { schema } of Object.values(codecs)) collect(schema);

/** What a body costs, for each of its bytes: as much of it as the allowance lets through. */
interface Figures {
  readonly heap: number;
  readonly nanos: number;
  readonly bytes: number;
  /** Cost that its reading is charged, for each byte. */
  readonly cost: number;
  /** What both would be if nothing were charged. */
  readonly unlimited: { readonly heap: number; readonly nanos: number };
}

interface Worst extends Figures {
  readonly codec: string;
}

/** The shortest time of several: that on the clock counts waiting for other processes, that of the CPU counts other threads of this one. */
function measure(codec: Codec<unknown, unknown>, body: Buffer, times: number): Figures {
  let nanos = Number.POSITIVE_INFINITY;
  let spent = 0;
  let value: unknown;
  for (let i = 0; i < times; i++) {
    const input = new StreamInput(body);
    input.allowance = PLENTY;
    const start = performance.now();
    const startCpu = process.cpuUsage();
    value = codec.read(input);
    const { user, system } = process.cpuUsage(startCpu);
    nanos = Math.min(nanos, (user + system) * 1000, (performance.now() - start) * 1_000_000);
    spent = PLENTY - input.allowance;
  }
  const cost = spent / body.length;
  // Beyond its allowance a body is refused: it then turned into this share of what it would have.
  const share = Math.min(1, COST_PER_BYTE / cost);
  const unlimited = { heap: new HeapSize(constants).of(value) / body.length, nanos: nanos / body.length };
  return { heap: unlimited.heap * share, nanos: unlimited.nanos * share, bytes: body.length, cost, unlimited };
}

function bodyOf(codec: Codec<unknown, unknown>, recipe: Recipe): Buffer | null {
  try {
    const body = encode(codec, costlyValues(codec.schema)(recipe, 0));
    return body.length === 0 || body.length > MAX_BODY ? null : body;
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

const score = ({ heap, nanos }: Figures): number => heap / MOST_HEAP + nanos / MOST_NANOS / 2;

function search(name: string, codec: Codec<unknown, unknown>): Worst | null {
  const random = seededRandom(SEED);
  const genes = () => Array.from({ length: GENES }, random);
  let best: { readonly recipe: Recipe; readonly figures: Figures; readonly body: Buffer } | null = null;
  for (let i = 0; i < TRIES; i++) {
    let tried = new Recipe(genes(), Math.floor(random() * 6), LONG);
    if (best !== null && i > TRIES / 3) {
      const mutated = best.recipe.genes.map((gene) => (random() < 0.12 ? random() : gene));
      tried = new Recipe(mutated, random() < 0.8 ? best.recipe.longList : Math.floor(random() * 6), LONG);
    }
    const body = bodyOf(codec, tried);
    // A short body is read for nothing: what it costs is below every floor.
    if (body === null || body.length < LONG) continue;
    const figures = measure(codec, body, 2);
    if (best === null || score(figures) > score(best.figures)) best = { recipe: tried, figures, body };
  }
  return best === null ? null : { codec: name, ...measure(codec, best.body, 8) };
}

describe('what a body turns into', () => {
  const found: Worst[] = [];
  const skipped: string[] = [];

  beforeAll(() => {
    for (const [name, codec] of Object.entries(codecs)) {
      try {
        const worst = search(name, codec as Codec<unknown, unknown>);
        if (worst !== null) found.push(worst);
      } catch (error) {
        if (!(error instanceof NoArbitrary)) throw error;
        skipped.push(`${name}: ${error.message}`);
      }
    }
    mkdirSync('.cache/attack', { recursive: true });
    const rows = found.toSorted((a, b) => b.heap - a.heap);
    const table = rows.map(({ codec, heap, nanos, unlimited }) => ({
      codec,
      'heap bytes per body byte, at most': heap,
      'ns per body byte, at most': nanos,
      'heap bytes per body byte without a limit': unlimited.heap,
    }));
    writeFileSync(
      TABLE,
      `${JSON.stringify({ seed: SEED, tries: TRIES, mostHeap: MOST_HEAP, mostNanos: MOST_NANOS, rows: table }, null, 1)}\n`,
    );
    if (process.env['AMPLIFICATION_SHOW'] !== undefined) {
      for (const { codec, heap, nanos, bytes, cost, unlimited } of rows)
        console.log(
          codec,
          heap.toFixed(1),
          nanos.toFixed(0),
          bytes,
          cost.toFixed(1),
          unlimited.heap.toFixed(1),
          unlimited.nanos.toFixed(0),
        );
      console.log('skipped', skipped);
    }
  }, 600_000);

  it('is searched for in most codecs', () => {
    expect(found.length).toBeGreaterThan(60);
    expect(skipped).toEqual([]);
  });

  it(`is at most ${MOST_HEAP} bytes of heap for each byte, and would be more without the allowance`, () => {
    expect(found.some(({ unlimited }) => unlimited.heap > MOST_HEAP)).toBe(true);
    expect(found.filter(({ heap }) => heap > MOST_HEAP)).toEqual([]);
  });

  it(`takes at most ${MOST_NANOS} ns for each byte`, () => {
    expect(found.filter(({ nanos }) => nanos > SLOWNESS * MOST_NANOS)).toEqual([]);
  });
});
