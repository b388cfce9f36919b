import type { get } from '../../action/docs/get.ts';
import type { RequestOf } from '../../action/define-action.ts';
import { fetchSourceFrom } from '../common-parameters.ts';
import type { RestRequest } from '../rest-action.ts';

/** What both ways to get a document have in common. */
export function getRequestFrom({ params, query }: RestRequest): RequestOf<typeof get> {
  return {
    index: params['index'],
    id: params['id'] ?? '',
    refresh: query.flag('refresh'),
    routing: query.text('routing'),
    preference: query.text('preference'),
    realtime: query.flag('realtime'),
    fetchSource: fetchSourceFrom(query),
  };
}
