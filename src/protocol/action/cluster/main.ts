import { build } from '../../codec/build.ts';
import { struct } from '../../codec/combinators.ts';
import { empty, string, version } from '../../codec/primitives.ts';
import { defineAction } from '../define-action.ts';

/**
 * `cluster:monitor/main`: what `GET /` asks. Response: `str` node name, `vInt` version, `str` cluster name, `str` cluster uuid, Build.
 *
 * @see wire-format.md §11.2
 */
export const main = defineAction({
  name: 'cluster:monitor/main',
  request: empty,
  response: struct({ nodeName: string, version, clusterName: string, clusterUuid: string, build }),
  summary: 'Name, version and build of a node and its cluster',
  idempotent: true,
});
