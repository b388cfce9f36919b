import { describe, expect, test } from 'vitest';
import { versionText } from '../../../../src/protocol/wire/version.ts';
import { encodeMessage, type Message, MessageReader } from '../../../../src/protocol/frame/native/message.ts';
import { goldenVectors } from '../../../vectors/load.ts';

interface DecodedFrame {
  readonly ping?: boolean;
  readonly unread?: number;
  readonly requestId: number | string;
  readonly version: number;
  readonly versionText: string;
  readonly request: boolean;
  readonly error: boolean;
  readonly compressed: boolean;
  readonly handshake: boolean;
  readonly requestHeaders: Record<string, string>;
  readonly responseHeaders: Record<string, string[]>;
  readonly features?: string[];
  readonly action?: string;
  readonly body: string;
}

function readAll(bytes: Buffer, chunk: number): (Message | 'ping')[] {
  const reader = new MessageReader();
  const messages: (Message | 'ping')[] = [];
  for (let at = 0; at < bytes.length; at += chunk) messages.push(...reader.push(bytes.subarray(at, at + chunk)));
  expect(reader.unread).toBe(0);
  return messages;
}

function formOf(message: Message | 'ping'): unknown {
  if (message === 'ping') return { ping: true };
  const { requestId, version, request, error, compressed, handshake, requestHeaders, responseHeaders, features, action, body } = message;
  return {
    requestId: String(requestId),
    version,
    versionText: versionText(version),
    request,
    error,
    compressed,
    handshake,
    requestHeaders: { ...requestHeaders },
    responseHeaders: { ...responseHeaders },
    features,
    action,
    body: body.toString('hex'),
  };
}

function expected({ ping, requestId, version, versionText: text, request, error, compressed, handshake, ...rest }: DecodedFrame): unknown {
  if (ping === true) return { ping: true };
  const { requestHeaders, responseHeaders, features = [], action = '', body } = rest;
  // 3.9.0 rewrites 7.9.99 to 1.0.0 as it reads a header; we keep what is on the wire (wire-format.md §6.5).
  return {
    requestId: String(requestId),
    version,
    versionText: text,
    request,
    error,
    compressed,
    handshake,
    requestHeaders,
    responseHeaders,
    features,
    action,
    body,
  };
}

describe.each(['2.19.6', '3.9.0'] as const)('frames of %s', (release) => {
  const vectors = goldenVectors(release).filter(({ kind }) => kind === 'frame');

  test.each(vectors)('$id', ({ hex, value }) => {
    const bytes = Buffer.from(hex, 'hex');
    const decoded = (value as { decoded?: DecodedFrame[] }).decoded;
    for (const chunk of [bytes.length, 1, 7, 23]) {
      const messages = readAll(bytes, chunk);
      if (decoded !== undefined) expect(messages.map(formOf)).toEqual(decoded.map(expected));
    }
    const [message] = readAll(bytes, bytes.length);
    if (message === undefined) throw new Error('no message');
    if (message === 'ping') return;
    const again = encodeMessage(message);
    if (message.compressed) expect(readAll(again, again.length)).toEqual([message]);
    else expect(again.toString('hex')).toBe(hex);
  });
});
