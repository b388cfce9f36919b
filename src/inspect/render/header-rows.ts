import {
  FIXED_HEADER_BYTES,
  LENGTH_AT,
  PREFIX_BYTES,
  REQUEST_ID_AT,
  STATUS_AT,
  VARIABLE_SIZE_AT,
  VERSION_AT,
} from '../../protocol/frame/native/fixed-header.ts';
import type { DissectedField } from '../dissect/field-recorder.ts';
import { fixedHeaderFields, type RequestId } from '../dissect/fixed-header.ts';
import { addFieldRows, type RowSource } from './field-rows.ts';

/** Most rows that are remembered; beyond, all are forgotten. */
const MAX_ROWS = 1024;

/** Places of the fields of the fixed header that frames repeat. The length and the request id are new in each frame. */
const REPEATED = [
  [0, LENGTH_AT],
  [STATUS_AT, VERSION_AT],
  [VERSION_AT, VARIABLE_SIZE_AT],
  [VARIABLE_SIZE_AT, FIXED_HEADER_BYTES],
] as const;

/**
 * Rows of both headers of a frame. A capture may have millions of frames, and most repeat the headers of another: their rows are remembered by the
 * bytes they show.
 */
export class HeaderRows {
  readonly #fixed = new Map<string, string>();
  readonly #variable = new WeakMap<readonly DissectedField[], readonly string[]>();

  /** @param variable fields of the variable header, shared by the frames that repeat it */
  add(rows: string[], source: RowSource, requestId: RequestId, variable: readonly DissectedField[], end: number): void {
    const { bytes } = source;
    const [marker, status, version, size] = REPEATED;
    rows.push(
      this.#repeated(source, marker),
      rowOf(source, { name: 'length', offset: LENGTH_AT, end: PREFIX_BYTES, value: bytes.readInt32BE(LENGTH_AT), fields: [] }),
      rowOf(source, { name: 'requestId', offset: REQUEST_ID_AT, end: STATUS_AT, value: requestId, fields: [] }),
      this.#repeated(source, status),
      this.#repeated(source, version),
      this.#repeated(source, size),
    );
    let known = this.#variable.get(variable);
    if (known === undefined) {
      const made: string[] = [];
      addFieldRows(made, source, variable, undefined, FIXED_HEADER_BYTES, Math.min(end, bytes.length));
      this.#variable.set(variable, made);
      known = made;
    }
    for (const row of known) rows.push(row);
  }

  #repeated(source: RowSource, [from, end]: (typeof REPEATED)[number]): string {
    const place = `${from} ${source.bytes.toString('latin1', from, end)}`;
    const known = this.#fixed.get(place);
    if (known !== undefined) return known;
    const field = fixedHeaderFields(source.bytes).find(({ offset }) => offset === from) as DissectedField;
    const row = rowOf(source, field);
    if (this.#fixed.size >= MAX_ROWS) this.#fixed.clear();
    this.#fixed.set(place, row);
    return row;
  }
}

function rowOf(source: RowSource, field: DissectedField): string {
  const rows: string[] = [];
  addFieldRows(rows, source, [field], undefined, field.offset, field.end);
  return rows.join('\n');
}
