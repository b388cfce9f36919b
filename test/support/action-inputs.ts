import { expect } from 'vitest';
import { parseTime } from '../../src/protocol/action/shared/time-text.ts';
import { timeValue } from '../../src/protocol/codec/time-value.ts';
import { toForm } from '../../src/protocol/codec/json-form.ts';
import { parseVersion, V_2_5_0, V_2_17_0 } from '../../src/protocol/wire/version.ts';
import type { GoldenVector } from '../vectors/load.ts';

type Input = Readonly<Record<string, unknown>>;

/** How the describer of the vectors wrote a part of a value, and how our JSON form has it. What is not listed has the same form. */
const TRANSLATIONS: Readonly<Record<string, (value: unknown, input: Input) => Readonly<Record<string, unknown>>>> = {
  timeout: (text, { options }) => ({ [options === undefined ? 'timeout' : 'ackTimeout']: time(text) }),
  clusterManagerTimeout: (text) => ({ clusterManagerTimeout: time(text) }),
  mediaType: (contentType) => ({ contentType }),
  documentFields: (fields) => ({ documentFields: mapLists(fields as Record<string, unknown[]>) }),
  metadataFields: (fields) => ({ metadataFields: mapLists(fields as Record<string, unknown[]>) }),
  shards: (shardInfo) => ({ shardInfo }),
  total: (totalShards) => ({ totalShards }),
  successful: (successfulShards) => ({ successfulShards }),
  failed: (failedShards) => ({ failedShards }),
  created: (created) => ({ result: created === true ? 'CREATED' : 'UPDATED' }),
  found: (found) => ({ result: found === true ? 'DELETED' : 'NOT_FOUND' }),
  doc: (document) => ({ doc: { source: jsonHex(document) } }),
  upsert: (document) => ({ upsert: { source: jsonHex(document) } }),
  script: (script) => {
    const { lang, source } = script as Input;
    return { script: { type: 'INLINE', lang, idOrCode: source } };
  },
  aliases: (aliases) => ({ aliases: (aliases as Input[]).map(alias) }),
  // Said in other words by the field beside it, or in words only.
  ordinal: () => ({}),
  value: () => ({}),
  failures: () => ({}),
  items: (items) => (Array.isArray(items) && items.length === 0 ? { items } : {}),
  options: () => ({}),
  indices: (indices) => (String(indices).includes(' ') ? {} : { indices }),
  fetchSource: (fetchSource) => (fetchSource === true ? {} : { fetchSource }),
};

const time = (text: unknown) => toForm(timeValue.schema, parseTime(String(text)));
const jsonHex = (document: unknown) => Buffer.from(JSON.stringify(document)).toString('hex');

const alias = ({ name, filter, routing, isWriteIndex, isHidden }: Input) => ({
  name,
  filter,
  indexRouting: routing,
  searchRouting: routing,
  writeIndex: isWriteIndex,
  isHidden,
});

function mapLists(fields: Record<string, unknown[]>) {
  return Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, values.map((v) => expect.objectContaining({ v }))]));
}

/** What a stream of an old version leaves out. */
function withoutGated(form: Record<string, unknown>, streamVersion: string): Record<string, unknown> {
  const version = parseVersion(streamVersion);
  if (version < V_2_5_0) {
    delete form['level'];
    delete form['awarenessAttribute'];
  }
  const node = form['node'] as (Input & { readonly roles: string[] }) | null | undefined;
  if (node) {
    const roles = node.roles.map((name) => expect.objectContaining({ name }));
    form['node'] = { ...node, roles, ...(version >= V_2_17_0 ? { attributes: {} } : {}) };
  }
  return form;
}

/** The parts of a decoded vector that its description tells, in our JSON form; undefined when it tells nothing. */
export function expectedForm({ value, streamVersion }: GoldenVector): Record<string, unknown> | undefined {
  const input = value?.['input'];
  if (typeof input !== 'object' || input === null) return undefined;
  const form: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(input)) Object.assign(form, TRANSLATIONS[key]?.(item, input as Input) ?? { [key]: item });
  return Object.keys(form).length === 0 ? undefined : withoutGated(form, streamVersion ?? '');
}
