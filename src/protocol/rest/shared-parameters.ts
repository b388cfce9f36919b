import { parseFailure } from './refusals.ts';
import { optional, path, query, together } from './parameters.ts';
import { activeShards, commaList, flag, long, refreshPolicy, text, time, versionType } from './parameter-types.ts';

/** How long to wait for the cluster manager; by one of two names. */
export const clusterManagerParameters = together(
  'clusterManagerTimeout',
  (request) => {
    const present = optional(request, time, 'cluster_manager_timeout');
    const former = optional(request, time, 'master_timeout');
    if (present !== undefined && former !== undefined) {
      throw parseFailure('Please only use one of the request parameters [master_timeout, cluster_manager_timeout].');
    }
    return present ?? former;
  },
  {
    cluster_manager_timeout: [time, 'How long to wait for a connection to the cluster manager', '30s'],
    master_timeout: [time, 'The old name of `cluster_manager_timeout`'],
  },
);

/** How many copies have to be active before the node goes on. */
export const activeShardsParameter = {
  wait_for_active_shards: query(
    activeShards,
    'waitForActiveShards',
    'How many copies of each shard must be active',
    'the setting of the index',
  ),
};

/** The indices of a path. */
export const indicesParameter = { index: path(commaList, 'indices', 'Names of indices or aliases; patterns with `*` are allowed') };

/** One document of one index. */
export const documentParameters = {
  index: path(text, 'index', 'Name of the index or alias'),
  id: path(text, 'id', 'Id of the document'),
  routing: query(text, 'routing', 'Routes to the shard of this value', 'the id'),
};

/** What every write of documents takes. */
export const writeParameters = {
  timeout: query(time, 'timeout', 'How long to wait for the primary shard', '1m'),
  refresh: query(refreshPolicy, 'refresh', 'Make the change visible to searches at once, or answer when it is', 'false'),
  ...activeShardsParameter,
};

/** The condition of a write: the document has not changed since it was read. */
export const conditionParameters = {
  if_seq_no: query(long, 'ifSeqNo', 'Write only if the document has this sequence number'),
  if_primary_term: query(long, 'ifPrimaryTerm', 'Write only if the document has this primary term'),
};

/** Versions that a caller gives or expects. */
export const versionParameters = {
  version: query(long, 'version', 'Version of the document, compared as `version_type` says', 'any'),
  version_type: query(versionType, 'versionType', 'How versions are compared', 'internal'),
};

/** What writes through an ingest pipeline or an alias take. */
export const ingestParameters = {
  pipeline: query(text, 'pipeline', 'Ingest pipeline that the document goes through'),
  require_alias: query(flag, 'requireAlias', 'Refuse a name that is not an alias', 'false'),
};

/** How long the cluster manager waits for the other nodes. */
export const ackTimeoutParameter = {
  timeout: query(time, 'ackTimeout', 'How long to wait until every node has acknowledged the change', '30s'),
};
