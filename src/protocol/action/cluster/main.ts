import { type Build, build } from '../../codec/build.ts';
import { struct } from '../../codec/combinators.ts';
import { empty, string, version } from '../../codec/primitives.ts';
import { typed } from '../../codec/typed.ts';
import type { VersionId } from '../../wire/version.ts';
import { defineAction } from '../define-action.ts';

/** A request without fields: `{}`. */
export type MainRequest = Record<never, never>;

/** Name, version and build of a node and its cluster. */
export interface MainResponse {
  readonly nodeName: string;
  /** Id of its release: 137307827 is 3.9.0. `versionText` of `opensearch-transport/protocol` shows it. */
  readonly version: VersionId;
  readonly clusterName: string;
  /** `_na_` until the cluster has formed. */
  readonly clusterUuid: string;
  readonly build: Build;
}

/**
 * `cluster:monitor/main`: what `GET /` asks. Response: `str` node name, `vInt` version, `str` cluster name, `str` cluster uuid, Build.
 *
 * @see wire-format.md §11.2
 */
export const main = defineAction({
  name: 'cluster:monitor/main',
  request: empty,
  response: typed<MainResponse, MainResponse>()(struct({ nodeName: string, version, clusterName: string, clusterUuid: string, build })),
  summary: 'Name, version and build of a node and its cluster',
  idempotent: true,
});
