import { main } from '../../action/cluster/main.ts';
import { minimumCompatibility, type VersionId, versionId, versionParts, versionText } from '../../wire/version.ts';
import { defineRestAction } from '../rest-action.ts';

/** `GET /` */
export const restMain = defineRestAction({
  action: main,
  routes: ['GET /', 'HEAD /'],
  restOnlyFields: ['version.lucene_version'],
  request: () => ({}),
  response: {
    body: ({ nodeName, version, clusterName, clusterUuid, build }) => ({
      name: nodeName,
      cluster_name: clusterName,
      cluster_uuid: clusterUuid,
      version: {
        distribution: build.distribution,
        number: build.qualifiedVersion,
        build_type: build.type,
        build_hash: build.hash,
        build_date: build.date,
        build_snapshot: build.snapshot,
        minimum_wire_compatibility_version: versionText(minimumCompatibility(version, version)),
        minimum_index_compatibility_version: minimumIndexVersion(version),
      },
      tagline: 'The OpenSearch Project: https://opensearch.org/',
    }),
  },
});

/** The oldest release whose indices a node of `version` reads: the first of the major before, which for 2.x is Elasticsearch's 7. */
function minimumIndexVersion(version: VersionId): string {
  const { major } = versionParts(version);
  return major === 2 ? '7.0.0' : versionText(versionId(major - 1, 0, 0));
}
