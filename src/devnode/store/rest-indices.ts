import type { HttpMethod } from '../../protocol/action/extension/node-to-extension.ts';
import { strictExpandOpenAndForbidClosed } from '../../protocol/codec/indices-options.ts';
import type { SettingValue } from '../../protocol/codec/settings.ts';
import { indicesOptionsParameters } from '../../protocol/rest/indices-options.ts';
import type { Json, JsonObject } from '../../protocol/rest/json.ts';
import { readParameters } from '../../protocol/rest/parameters.ts';
import { parseFailure } from '../../protocol/rest/refusals.ts';
import type { RestRequest as TwinRequest } from '../../protocol/rest/rest-message.ts';
import { structuredSettings } from '../settings/structured.ts';
import type { NodeFacts } from '../node-facts.ts';
import { decodeObject } from '../rest/decode-body.ts';
import { RestAnswer } from '../rest/rest-answer.ts';
import type { RestController } from '../rest/rest-controller.ts';
import type { RestRequest } from '../rest/rest-request.ts';
import type { DocumentStore } from './document-store.ts';
import type { Target } from './index-names.ts';
import { Mapping } from './mapping.ts';
import type { IndexStore } from './index-store.ts';

const INDICES_OPTIONS = indicesOptionsParameters(strictExpandOpenAndForbidClosed);
/** Parameters that change nothing on one node. */
const WITHOUT_EFFECT = ['local', 'cluster_manager_timeout', 'master_timeout', 'include_defaults'];
/** Bit that sets the versions of OpenSearch apart from those of its ancestor. @see extensions.md §2.4 */
const OPENSEARCH_BIT = 0x0800_0000;

type Show = (index: IndexStore, request: RestRequest) => JsonObject;

/** Serves what REST shows of indices: `GET` and `HEAD /{index}`, `_mapping`, `_settings`, `_alias`; and adds fields by `PUT /{index}/_mapping`. */
export function installIndices(controller: RestController, store: DocumentStore, facts: NodeFacts): void {
  const get = (paths: readonly string[], show: Show): void => {
    for (const path of paths) controller.register('GET', path, (request) => shown(store, request, show));
  };
  const mappings: Show = ({ mapping }) => ({ mappings: mapping.toJson() });
  const settings: Show = (index, request) => ({ settings: settingsJson(index, facts.release, request.flag('flat_settings')) });
  const aliases: Show = (index) => ({ aliases: aliasesJson(index) });
  get(['/{index}'], (index, request) => ({ ...aliases(index, request), ...mappings(index, request), ...settings(index, request) }));
  get(['/_mapping', '/{index}/_mapping'], mappings);
  get(['/_settings', '/{index}/_settings'], settings);
  get(['/_alias', '/{index}/_alias'], aliases);
  for (const method of ['PUT', 'POST'] satisfies HttpMethod[]) {
    controller.register(method, '/{index}/_mapping', async (request) => {
      if (request.content.length === 0) throw parseFailure('request body is required');
      const added = new Mapping(await decodeObject(request.content, request.mediaType));
      const targets = targetsOf(store, request);
      request.consume(['timeout', 'write_index_only']);
      return () => {
        for (const { index } of targets) index.mapping.merge(added);
        return { acknowledged: true };
      };
    });
  }
  controller.register('HEAD', '/{index}', (request) => {
    // What it would show does not matter: only whether every index exists.
    try {
      shown(store, request, () => ({}));
      request.flag('flat_settings');
      return RestAnswer.bytes();
    } catch (error) {
      if ((error as { readonly status?: number }).status !== 404) throw error;
      return RestAnswer.bytes({ status: 404 });
    }
  });
}

function shown(store: DocumentStore, request: RestRequest, show: Show): JsonObject {
  return Object.fromEntries(targetsOf(store, request).map(({ index }) => [index.name, show(index, request)]));
}

function targetsOf(store: DocumentStore, request: RestRequest): Target[] {
  const { indicesOptions } = readParameters(INDICES_OPTIONS, twinOf(request));
  request.consume([...Object.keys(INDICES_OPTIONS), ...WITHOUT_EFFECT]);
  const names = (request.param('index') ?? '').split(',').filter((name) => name !== '');
  return store.resolve(names, indicesOptions);
}

function aliasesJson({ aliases }: IndexStore): JsonObject {
  const entries = [...aliases.values()].map(({ name, filter, indexRouting, searchRouting, writeIndex, isHidden }): [string, Json] => {
    const parsed = filter === null ? {} : { filter: JSON.parse(filter) as Json };
    const routing = {
      ...(indexRouting === null ? {} : { index_routing: indexRouting }),
      ...(searchRouting === null ? {} : { search_routing: searchRouting }),
    };
    const flags = { ...(writeIndex === null ? {} : { is_write_index: writeIndex }), ...(isHidden === null ? {} : { is_hidden: isHidden }) };
    return [name, { ...parsed, ...routing, ...flags }];
  });
  return Object.fromEntries(entries);
}

function settingsJson(index: IndexStore, release: string, isFlat: boolean): JsonObject {
  const flat: Record<string, SettingValue> = {
    'index.replication.type': 'DOCUMENT',
    'index.number_of_shards': String(index.shards),
    'index.number_of_replicas': String(index.replicas),
    'index.provided_name': index.name,
    'index.creation_date': String(index.createdAt),
    'index.uuid': index.uuid,
    'index.version.created': String(versionId(release)),
    ...index.settings,
  };
  return isFlat ? flat : structuredSettings(flat as Readonly<Record<string, Json>>);
}

function versionId(release: string): number {
  const [major = 0, minor = 0, patch = 0] = release.split('.').map((part) => Number.parseInt(part, 10));
  return (major * 1_000_000 + minor * 10_000 + patch * 100 + 99) ^ OPENSEARCH_BIT;
}

function twinOf({ path, query }: RestRequest): TwinRequest {
  return { method: 'GET', path, params: {}, query, body: null, contentType: null };
}
