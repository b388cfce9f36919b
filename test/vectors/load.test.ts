import { expect, test } from 'vitest';
import {
  actionNames,
  capture,
  captures,
  exceptionTable,
  framesOf,
  goldenVectors,
  namedWriteables,
  packetCapture,
  queryVectors,
  type Release,
  releases,
  thirdPartySequences,
} from './load.ts';

/** Bytes at the front of a native frame that its length field does not count: marker and length. */
const UNCOUNTED = 6;

/** Signs in the reading aid of a frame that was cut or spoilt on purpose. */
const ODD = ['_decodeError', 'malformed', 'case', 'notAFrame'];

const expected: Record<Release, Record<string, number>> = {
  '2.19.6': {
    golden: 2023,
    queries: 106,
    captures: 47,
    items: 3685,
    frames: 2286,
    exceptions: 150,
    actions: 286,
    categories: 23,
    names: 264,
  },
  '3.9.0': {
    golden: 2070,
    queries: 106,
    captures: 47,
    items: 3630,
    frames: 2184,
    exceptions: 156,
    actions: 318,
    categories: 22,
    names: 257,
  },
};

test.each(releases)('nothing recorded of %s is lost', (release) => {
  const topics = captures(release);
  const registry = Object.values(namedWriteables(release));
  expect({
    golden: goldenVectors(release).length,
    queries: queryVectors(release).length,
    captures: topics.length,
    items: topics.flatMap(({ frames }) => frames).length,
    frames: topics.flatMap(framesOf).length,
    exceptions: exceptionTable(release).length,
    actions: new Set(actionNames(release)).size,
    categories: registry.length,
    names: registry.flat().length,
  }).toEqual(expected[release]);
});

test.each(releases)('ids of golden vectors of %s are unique and their bytes are hex', (release) => {
  const vectors = goldenVectors(release);
  expect(new Set(vectors.map(({ id }) => id)).size).toBe(vectors.length);
  expect(vectors.filter(({ hex }) => !/^([0-9a-f]{2})*$/.test(hex))).toEqual([]);
});

test.each([...releases, 'mixed'] as const)('every captured frame of %s is one whole frame', (release) => {
  const wrong = captures(release).flatMap((topic) => framesOf(topic).filter(({ bytes }) => !isWholeFrame(bytes)));
  expect(wrong.filter(({ decoded }) => !ODD.some((sign) => sign in decoded))).toEqual([]);
});

test('one capture is the same when read alone', () => {
  expect(capture('3.9.0', 'ext-init')).toEqual(captures('3.9.0').find(({ topic }) => topic === 'ext-init'));
});

test('the cluster of both releases, the other SDKs and the packet captures are there', () => {
  expect(captures('mixed').flatMap(framesOf)).toHaveLength(58);
  expect(thirdPartySequences().captured).toHaveLength(12);
  expect(thirdPartySequences().handWritten).toHaveLength(2);
  expect([packetCapture('session').length, packetCapture('pingseg').length]).toEqual([190_364, 1_908]);
});

/** Pings count as one item when they came together. */
function isWholeFrame(bytes: Buffer): boolean {
  if (bytes.toString('latin1', 0, 2) !== 'ES') return false;
  const length = bytes.readInt32BE(2);
  return length === -1 ? bytes.length % UNCOUNTED === 0 : bytes.length === UNCOUNTED + length;
}
