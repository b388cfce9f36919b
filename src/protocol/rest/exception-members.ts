import type { DecodedCause } from '../codec/exception/remote-cause.ts';
import { type JsonObject, toJson } from './json.ts';

/** No line is known. */
const UNKNOWN_POSITION = -1;

const POSITION = { line: 'lineNumber', col: 'columnNumber' };

/** What classes print besides type and reason, by id: name in REST and field. */
const MEMBERS: ReadonlyMap<number, Readonly<Record<string, string>>> = new Map<number, Record<string, string>>([
  [40, POSITION],
  [72, POSITION],
  [133, { bytes_wanted: 'bytesWanted', bytes_limit: 'byteLimit', durability: 'durability' }],
  [143, { script_stack: 'scriptStack', script: 'script', lang: 'lang', position: 'pos' }],
  [149, { max_buckets: 'maxBuckets' }],
]);

/** What the class of an exception prints besides type and reason. @see `OpenSearchException.metadataToXContent` of OpenSearch */
export function exceptionMembers({ id, extra }: DecodedCause): JsonObject {
  const members = MEMBERS.get(id ?? 0) ?? {};
  if (members === POSITION && extra['lineNumber'] === UNKNOWN_POSITION) return {};
  const shown = Object.entries(members).map(([name, field]) => [
    name,
    name === 'position' && extra[field] === null ? undefined : toJson(extra[field]),
  ]);
  return Object.fromEntries(shown) as JsonObject;
}
