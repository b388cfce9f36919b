import { indexDocument } from '../../action/docs/index-document.ts';
import { contentTypeOf, requiredBody } from '../body.ts';
import { query } from '../parameters.ts';
import { parameterType, text } from '../parameter-types.ts';
import { defineRestAction } from '../rest-action.ts';
import type { RestRequest } from '../rest-message.ts';
import { conditionParameters, documentParameters, ingestParameters, versionParameters, writeParameters } from '../shared-parameters.ts';
import { locationOf, writeJson, writeStatus } from '../write-json.ts';

const OP_TYPES = ['INDEX', 'CREATE'] as const;
type OpType = (typeof OP_TYPES)[number];

const opType = parameterType(
  'enum',
  (value) => OP_TYPES.find((name) => name === value.toUpperCase()),
  (value) =>
    /^(update|delete)$/i.test(value) ? `opType must be 'create' or 'index', found: [${value.toUpperCase()}]` : `Unknown opType: [${value}]`,
  { values: ['index', 'create'] },
);

const onlyCreate = parameterType(
  'enum',
  (value): OpType | undefined => (value.toLowerCase() === 'create' ? 'CREATE' : undefined),
  (value) => `opType must be 'create', found: [${value}]`,
  { values: ['create'] },
);

/** The three ways to write a document differ in the id and in the op type. */
function writing(type: typeof opType, usual: OpType) {
  return {
    action: indexDocument,
    parameters: {
      ...documentParameters,
      ...writeParameters,
      ...conditionParameters,
      ...versionParameters,
      ...ingestParameters,
      op_type: query(type, 'opType', '`create` fails if the document exists, `index` replaces it', usual.toLowerCase()),
    },
    body: 'The document, in JSON, CBOR, SMILE or YAML',
    request: <V extends { readonly opType?: OpType | undefined }>(values: V, request: RestRequest) => ({
      ...values,
      source: requiredBody(request),
      contentType: contentTypeOf(request),
      opType: values.opType ?? usual,
    }),
    response: { status: writeStatus, headers: locationOf, body: writeJson },
  };
}

const create = writing(opType, 'CREATE');

/** `PUT` or `POST /{index}/_doc/{id}` */
export const restIndex = defineRestAction({ ...writing(opType, 'INDEX'), routes: ['PUT /{index}/_doc/{id}', 'POST /{index}/_doc/{id}'] });

/** `POST /{index}/_doc`: the node makes an id, unless the query has one. */
export const restIndexAutoId = defineRestAction({
  ...create,
  summary: 'Writes a document under an id that the node makes',
  routes: ['POST /{index}/_doc'],
  parameters: { ...create.parameters, id: query(text, 'id', 'Id of the document', 'one that the node makes') },
});

/** `PUT` or `POST /{index}/_create/{id}` */
export const restCreate = defineRestAction({
  ...writing(onlyCreate, 'CREATE'),
  summary: 'Writes a document unless it exists',
  routes: ['PUT /{index}/_create/{id}', 'POST /{index}/_create/{id}'],
});
