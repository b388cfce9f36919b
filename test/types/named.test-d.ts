/** Named types: actions show the names of their types, and `typed` refuses an interface that differs from its codec. */
import type { cluster, docs, extension, indices, internal } from '../../src/actions.ts';
import { optional, type ReceivedOf, type RequestOf, type ResponseOf, string, struct, vInt, withDefault } from '../../src/index.ts';
import { type InitOf, typed } from '../../src/protocol/codec/typed.ts';
import { type Equal, holds } from './expect-type.ts';

interface Note {
  readonly id: string;
  readonly tags: number;
  readonly title: string | null;
}

interface NoteInit extends InitOf<Note, 'id'> {}

const fields = { id: string, tags: withDefault(vInt, 0), title: optional(string) };
typed<Note, NoteInit>()(struct(fields));
// @ts-expect-error the codec lacks a field of the interface
typed<Note, NoteInit>()(struct({ id: string, tags: fields.tags }));
// @ts-expect-error the interface lacks a field of the codec
typed<Note, NoteInit>()(struct({ ...fields, more: string }));
// @ts-expect-error a field has another type when it is read
typed<Note & { readonly tags: string }, NoteInit>()(struct(fields));
// @ts-expect-error a field that must be given is optional in the interface
typed<Note, InitOf<Note>>()(struct(fields));
// @ts-expect-error a field that may be left out is required in the interface
typed<Note, InitOf<Note, 'id' | 'tags'>>()(struct(fields));

holds<Equal<ResponseOf<typeof cluster.health>, cluster.ClusterHealthResponse>>();
holds<Equal<RequestOf<typeof cluster.health>, cluster.ClusterHealthRequestInit>>();
holds<Equal<ReceivedOf<typeof cluster.health>, cluster.ClusterHealthRequest>>();
holds<Equal<ResponseOf<typeof cluster.liveness>, cluster.LivenessResponse>>();
holds<Equal<ResponseOf<typeof cluster.main>, cluster.MainResponse>>();
holds<Equal<ResponseOf<typeof docs.bulk>, docs.BulkResponse>>();
holds<Equal<RequestOf<typeof docs.bulk>, docs.BulkRequestInit>>();
holds<Equal<ResponseOf<typeof docs.delete>, docs.DeleteResponse>>();
holds<Equal<RequestOf<typeof docs.delete>, docs.DeleteRequestInit>>();
holds<Equal<ResponseOf<typeof docs.get>, docs.GetResponse>>();
holds<Equal<RequestOf<typeof docs.get>, docs.GetRequestInit>>();
holds<Equal<ResponseOf<typeof docs.index>, docs.IndexResponse>>();
holds<Equal<RequestOf<typeof docs.index>, docs.IndexRequestInit>>();
holds<Equal<ResponseOf<typeof docs.update>, docs.UpdateResponse>>();
holds<Equal<RequestOf<typeof docs.update>, docs.UpdateRequestInit>>();
holds<Equal<ResponseOf<typeof indices.create>, indices.CreateIndexResponse>>();
holds<Equal<RequestOf<typeof indices.create>, indices.CreateIndexRequestInit>>();
holds<Equal<ResponseOf<typeof indices.delete>, indices.DeleteIndexResponse>>();
holds<Equal<RequestOf<typeof indices.delete>, indices.DeleteIndexRequestInit>>();
holds<Equal<ResponseOf<typeof indices.refresh>, indices.RefreshResponse>>();
holds<Equal<ResponseOf<typeof internal.tcpHandshake>, internal.TcpHandshakeResponse>>();
holds<Equal<ResponseOf<typeof internal.transportHandshake>, internal.TransportHandshakeResponse>>();
holds<Equal<ResponseOf<typeof extension.initialize>, extension.InitializeExtensionResponse>>();
holds<Equal<ReceivedOf<typeof extension.restExecute>, extension.ExtensionRestRequest>>();
holds<Equal<ReceivedOf<typeof extension.updateSettings>, extension.UpdateSettingsRequest>>();

/** Each kind of item shows which fields it takes. */
export const items: docs.BulkItemInit[] = [
  { kind: 'create', index: 'a', source: {} },
  { kind: 'delete', index: 'a', id: '1' },
  { kind: 'update', index: 'a', id: '1', doc: { source: { year: 1 } } },
  // @ts-expect-error a deletion has no source
  { kind: 'delete', index: 'a', id: '1', source: {} },
  // @ts-expect-error a bare document is no index request
  { kind: 'update', index: 'a', id: '1', doc: { year: 1 } },
];
