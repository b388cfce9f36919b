import { describe, expect, test } from 'vitest';
import { cluster, docs, indices } from '../../../../src/actions.ts';
import type { AnyAction, RequestOf } from '../../../../src/protocol/action/define-action.ts';
import { encode } from '../../../../src/protocol/codec/codec.ts';
import { parseVersion } from '../../../../src/protocol/wire/version.ts';
import { goldenVectors } from '../../../vectors/load.ts';

const vectors = new Map(goldenVectors('3.9.0').map((vector) => [vector.id, vector]));

/** One parent task id of no task stands in front of every request. */
const NO_PARENT = '00';

interface Case {
  readonly id: string;
  readonly action: AnyAction;
  readonly request: unknown;
}

function sparse<A extends AnyAction>(id: string, action: A, request: RequestOf<A>): Case {
  return { id, action, request };
}

const source = { a: 1 };

const CASES: readonly Case[] = [
  sparse('act.main.request', cluster.main, {}),
  sparse('act.liveness.request', cluster.liveness, {}),
  sparse('act.health.request', cluster.health, {}),
  sparse('act.health.level.AWARENESS_ATTRIBUTES.request', cluster.health, { level: 'AWARENESS_ATTRIBUTES' }),
  sparse('act.health.full.request', cluster.health, {
    indices: ['books'],
    timeout: '5s',
    clusterManagerTimeout: { duration: 10, unit: 'SECONDS' },
    local: true,
    waitForStatus: 'YELLOW',
    waitForNoRelocatingShards: true,
    waitForNoInitializingShards: true,
    waitForActiveShards: 2,
    waitForNodes: '>=2',
    waitForEvents: 'LANGUID',
    awarenessAttribute: 'zone',
  }),
  sparse('act.get.request', docs.get, { index: 'books', id: '1' }),
  sparse('act.index.request', docs.index, { index: 'books', id: '1', source }),
  sparse('act.index.request', docs.index, { index: 'books', id: '1', source: '{"a":1}' }),
  sparse('act.index.request', docs.index, { index: 'books', id: '1', source: Buffer.from('{"a":1}') }),
  sparse('act.index.auto.request', docs.index, { index: 'books', source }),
  sparse('act.index.nosource.request', docs.index, { index: 'books', id: '1' }),
  sparse('act.index.create.request', docs.index, {
    index: 'books',
    id: '1',
    source,
    opType: 'CREATE',
    refresh: 'IMMEDIATE',
    waitForActiveShards: 'ALL',
  }),
  sparse('act.delete.request', docs.delete, { index: 'books', id: '1' }),
  sparse('act.update.doc.request', docs.update, { index: 'books', id: '1', doc: { source } }),
  sparse('act.update.script.request', docs.update, {
    index: 'books',
    id: '1',
    script: { lang: 'painless', idOrCode: 'ctx._source.a += params.n', params: { t: 'map', v: [['n', { t: 'int', v: 1 }]] } },
    upsert: { source },
  }),
  sparse('act.bulk.empty.request', docs.bulk, { items: [] }),
  sparse('act.bulk.index.request', docs.bulk, { items: [{ kind: 'index', index: 'books', id: '1', source }] }),
  sparse('act.bulk.mixed.request', docs.bulk, {
    items: [
      { kind: 'index', index: 'books', id: '1', source },
      { kind: 'create', index: 'books', source },
      { kind: 'delete', index: 'books', id: '2' },
      { kind: 'update', index: 'books', id: '3', doc: { source } },
    ],
    refresh: 'IMMEDIATE',
    timeout: '30s',
  }),
  sparse('act.create.request', indices.create, { index: 'books' }),
  sparse('act.deleteIndex.request', indices.delete, { indices: ['books'] }),
  sparse('act.refresh.request', indices.refresh, { indices: ['books'] }),
  sparse('act.refresh.all.request', indices.refresh, {}),
];

describe('a sparse request is what a node would make of it', () => {
  test.each(CASES.flatMap((each) => ['3.9.0', '2.19.6'].map((version) => ({ ...each, version }))))(
    '$id at $version',
    ({ id, action, request, version }) => {
      const vector = vectors.get(`${id}@${version}`);
      expect(vector, 'the vector is there').toBeDefined();
      const bytes = encode(action.request, request as never, { version: parseVersion(version) });
      expect(NO_PARENT + bytes.toString('hex')).toBe(vector?.hex);
    },
  );
});
