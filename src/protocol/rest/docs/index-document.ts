import { indexDocument } from '../../action/docs/index-document.ts';
import { contentTypeOf, requiredBody } from '../body.ts';
import { query } from '../parameters.ts';
import { parameterType } from '../parameter-types.ts';
import { defineRestAction, type RestRequest } from '../rest-action.ts';
import { conditionParameters, documentParameters, ingestParameters, versionParameters, writeParameters } from '../shared-parameters.ts';
import { locationOf, writeJson, writeStatus } from './write-json.ts';

const OP_TYPES = ['INDEX', 'CREATE'] as const;

const opType = parameterType(
  'enum',
  (value) => OP_TYPES.find((name) => name === value.toUpperCase()),
  (value) =>
    /^(update|delete)$/i.test(value) ? `opType must be 'create' or 'index', found: [${value.toUpperCase()}]` : `Unknown opType: [${value}]`,
  ['index', 'create'],
);

const onlyCreate = parameterType(
  'enum',
  (value) => (value.toLowerCase() === 'create' ? 'CREATE' : undefined),
  (value) => `opType must be 'create', found: [${value}]`,
  ['create'],
);

const OP_TYPE = '`create` fails if the document exists, `index` replaces it';

const { id, ...withoutId } = {
  ...documentParameters,
  ...writeParameters,
  ...conditionParameters,
  ...versionParameters,
  ...ingestParameters,
};

const common = {
  action: indexDocument,
  body: 'The document, in JSON, CBOR, SMILE or YAML',
  response: { status: writeStatus, headers: locationOf, body: writeJson },
};

const documentOf = (request: RestRequest) => ({ source: requiredBody(request), contentType: contentTypeOf(request) });

/** `PUT` or `POST /{index}/_doc/{id}` */
export const restIndex = defineRestAction({
  ...common,
  routes: ['PUT /{index}/_doc/{id}', 'POST /{index}/_doc/{id}'],
  parameters: { id, ...withoutId, op_type: query(opType, 'opType', OP_TYPE, 'index') },
  request: (values, request) => ({ ...values, ...documentOf(request) }),
});

/** `POST /{index}/_doc`: the node makes an id. */
export const restIndexAutoId = defineRestAction({
  ...common,
  summary: 'Writes a document under an id that the node makes',
  routes: ['POST /{index}/_doc'],
  parameters: { ...withoutId, op_type: query(opType, 'opType', OP_TYPE, 'create') },
  request: (values, request) => ({ ...values, ...documentOf(request), opType: values.opType ?? 'CREATE' }),
});

/** `PUT` or `POST /{index}/_create/{id}` */
export const restCreate = defineRestAction({
  ...common,
  summary: 'Writes a document unless it exists',
  routes: ['PUT /{index}/_create/{id}', 'POST /{index}/_create/{id}'],
  parameters: { id, ...withoutId, op_type: query(onlyCreate, 'opType', OP_TYPE, 'create') },
  request: (values, request) => ({ ...values, ...documentOf(request), opType: 'CREATE' }),
});
