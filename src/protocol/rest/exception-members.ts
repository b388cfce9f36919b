import type { DecodedCause } from '../codec/exception/remote-cause.ts';
import { type JsonObject, toJson } from './json.ts';

/** No line is known. */
const UNKNOWN_POSITION = -1;

type Extra = DecodedCause['extra'];

const position = ({ lineNumber, columnNumber }: Extra): JsonObject =>
  lineNumber === UNKNOWN_POSITION ? {} : { line: toJson(lineNumber), col: toJson(columnNumber) };

/** What classes print besides type and reason, by id. */
const MEMBERS: ReadonlyMap<number, (extra: Extra) => JsonObject> = new Map([
  [40, position],
  [72, position],
  [
    133,
    ({ bytesWanted, byteLimit, durability }) => ({
      bytes_wanted: toJson(bytesWanted),
      bytes_limit: toJson(byteLimit),
      durability: toJson(durability),
    }),
  ],
  [
    143,
    ({ scriptStack, script, lang, pos }) => ({
      script_stack: toJson(scriptStack),
      script: toJson(script),
      lang: toJson(lang),
      position: pos === null ? undefined : toJson(pos),
    }),
  ],
  [149, ({ maxBuckets }) => ({ max_buckets: toJson(maxBuckets) })],
]);

/** What the class of an exception prints besides type and reason. @see `OpenSearchException.metadataToXContent` of OpenSearch */
export function exceptionMembers({ id, extra }: DecodedCause): JsonObject {
  return (id === null ? undefined : MEMBERS.get(id))?.(extra) ?? {};
}
