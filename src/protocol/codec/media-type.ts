import type { Codec } from './codec.ts';
import { mapped, deterministic } from './combinators.ts';
import { string } from './primitives.ts';

const JSON_TYPE = 'application/json';
const JSON_ON_THE_WIRE = 'application/json; charset=UTF-8';

/** Media types of OpenSearch's own content types. */
export const MEDIA_TYPES = [JSON_TYPE, 'application/smile', 'application/yaml', 'application/cbor'] as const;

/**
 * `str` media type with its parameters. Only JSON has one (`charset=UTF-8`): the value is without it, the wire always with it, as
 * OpenSearch itself has it.
 *
 * @see wire-format.md §8.5 (`XContentType` of OpenSearch)
 */
export const mediaType: Codec<string> = deterministic(
  mapped<string, string, string, string>(
    string,
    (sent) => (sent === JSON_ON_THE_WIRE ? JSON_TYPE : sent),
    (given) => (given === JSON_TYPE ? JSON_ON_THE_WIRE : given),
  ),
);
