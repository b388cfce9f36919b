import { activeShardsFrom, refreshFrom, versionTypeFrom } from '../common-parameters.ts';
import type { RestRequest } from '../rest-action.ts';

/** What all writes of one document take from path and query. */
export function writeRequestFrom({ params, query }: RestRequest) {
  return {
    index: params['index'] ?? '',
    routing: query.text('routing'),
    timeout: query.time('timeout'),
    refresh: refreshFrom(query),
    waitForActiveShards: activeShardsFrom(query),
    ifSeqNo: query.long('if_seq_no'),
    ifPrimaryTerm: query.long('if_primary_term'),
  };
}

/** What writes take that compare versions. */
export function versionFrom({ query }: RestRequest) {
  return { version: query.long('version'), versionType: versionTypeFrom(query) };
}
