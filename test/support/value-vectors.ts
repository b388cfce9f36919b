import { type GoldenVector, goldenVectors, type Release, releases } from '../vectors/load.ts';

/** A golden vector with check `value`: one value of one type, and the bytes a genuine release writes for it. */
export interface ValueVector {
  readonly id: string;
  readonly release: Release;
  readonly kind: string;
  readonly version: string;
  readonly type: string;
  readonly value: unknown;
  /** What reading the bytes gives. */
  readonly decoded: unknown;
  readonly hex: string;
}

/** The vectors with check `value` of some kinds, of both releases. */
export function valueVectors(...kinds: readonly string[]): ValueVector[] {
  return releases.flatMap((release) =>
    goldenVectors(release)
      .filter(({ check, kind }) => check === 'value' && (kinds.length === 0 || kinds.includes(kind)))
      .map((vector) => valueVector(release, vector)),
  );
}

/** The id that 2.19.6 reads from the text `4.0.0`: it takes it for a version of Elasticsearch. @see wire-format.md §8 */
const LEGACY_4_0_0 = 4_000_099;

function valueVector(release: Release, { id, kind, streamVersion, value, hex }: GoldenVector): ValueVector {
  const { type, value: given, decoded } = value as { type: string; value: unknown; decoded?: unknown };
  const form = release === '2.19.6' && type === 'version' && given === '4.0.0' ? LEGACY_4_0_0 : given;
  return { id, release, kind, version: streamVersion ?? release, type, value: form, decoded: decoded ?? readBack(type, form), hex };
}

type MapForm = { readonly t: string; readonly v: readonly (readonly [string, unknown])[] };

/** Values that cannot be told apart on the wire read back as one of them. @see wire-format.md §8.3, §8.4 */
function readBack(type: string, form: unknown): unknown {
  switch (type) {
    case 'byteArray':
    case 'bytesReference':
    case 'bytesRef':
      return form ?? '';
    case 'text':
    case 'optionalText':
      return typeof form === 'string' ? Buffer.from(form).toString() : form;
    case 'stringArrayNullable':
      return form ?? [];
    case 'enumSetTimeUnit':
    case 'optionalEnumSetTimeUnit': {
      const ordinals = (form ?? []) as readonly number[];
      return type === 'optionalEnumSetTimeUnit' && ordinals.length === 0 ? null : [...ordinals].sort((a, b) => a - b);
    }
    case 'mapConsistentOrder':
      return form === null ? null : { t: 'map', v: [...(form as MapForm).v].sort(([a], [b]) => (a < b ? -1 : 1)) };
    default:
      return form;
  }
}
