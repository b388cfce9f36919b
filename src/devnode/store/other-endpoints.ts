import type { HttpMethod } from '../../protocol/action/extension/node-to-extension.ts';
import type { RestController } from '../rest/rest-controller.ts';
import { unsupported } from './errors.ts';

/** Endpoints of OpenSearch for indices, documents and searches that the development node does not have. */
const ENDPOINTS: readonly string[] = `
  GET,POST /_msearch
  GET,POST /{index}/_msearch
  GET,POST,DELETE /_search/scroll
  POST,DELETE /_search/point_in_time
  POST /{index}/_search/point_in_time
  GET,POST /_search/template
  GET,POST /{index}/_search/template
  GET,POST /{index}/_explain/{id}
  GET,POST /{index}/_termvectors/{id}
  GET,POST /_validate/query
  GET,POST /{index}/_validate/query
  GET,POST /_field_caps
  GET,POST /{index}/_field_caps
  GET,POST /_analyze
  GET,POST /{index}/_analyze
  POST /{index}/_delete_by_query
  POST /{index}/_update_by_query
  POST /_reindex
  POST /_aliases
  PUT,POST,DELETE /{index}/_alias/{name}
  PUT /{index}/_settings
  PUT /_settings
  POST /{index}/_open
  POST /{index}/_close
  POST,PUT /{index}/_clone/{target}
  POST,PUT /{index}/_shrink/{target}
  POST,PUT /{index}/_split/{target}
  POST /{index}/_rollover
  GET,POST /{index}/_flush
  POST /{index}/_forcemerge
  GET /{index}/_stats
  GET,PUT,POST,DELETE /_index_template/{name}
  GET,PUT,POST,DELETE /_component_template/{name}
  GET,PUT,POST,DELETE /_template/{name}
  GET,PUT,DELETE /_data_stream/{name}
  GET,PUT,DELETE /_ingest/pipeline/{id}
  GET,PUT,POST,DELETE /_scripts/{id}
`
  .trim()
  .split('\n');

/** Answers endpoints that only a genuine node has with status 501, which says so, where a node would answer something else to an unknown path. */
export function installOtherEndpoints(controller: RestController): void {
  for (const endpoint of ENDPOINTS) {
    const [methods = '', path = ''] = endpoint.trim().split(' ');
    for (const method of methods.split(',') as HttpMethod[]) {
      controller.register(method, path, () => {
        throw unsupported(`${method} ${path}`);
      });
    }
  }
}
