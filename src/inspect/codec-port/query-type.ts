import { query, queryFromRest, type QueryInit } from '../../protocol/query/query.ts';
import type { RestValue } from '../../protocol/query/rest-value.ts';
import { type PortType, portType } from './port-type.ts';

const type = portType(query);

/**
 * The type of queries. Takes the form of the codec, which has `kind`, and the REST form, `{"term":{"user":"kim"}}`; a REST form of another kind
 * becomes a `wrapper`. Decoded values are in the form of the codec.
 */
export const queryType: PortType = {
  ...type,
  fromForm: (form, version) => (hasKind(form) ? type.fromForm(form, version) : queryFromRest(form as RestValue)),
};

function hasKind(form: unknown): form is QueryInit {
  return typeof form === 'object' && form !== null && 'kind' in form && typeof form.kind === 'string';
}
