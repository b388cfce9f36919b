import { expect, test } from 'vitest';
import { FrameError, TransportError } from '../../../../src/protocol/error/transport-error.ts';
import { foreignMarker, NOT_AN_HTTP_PORT } from '../../../../src/protocol/frame/native/foreign-marker.ts';
import type { Link } from '../../../../src/transport/carrier/link.ts';
import { ChannelLife } from '../../../../src/transport/channel/channel-life.ts';
import { InFlightTable } from '../../../../src/transport/channel/in-flight.ts';
import { ReadGate } from '../../../../src/transport/channel/read-gate.ts';
import { UnreadWatch } from '../../../../src/transport/channel/unread-watch.ts';
import { Writer } from '../../../../src/transport/channel/writer.ts';
import { SignalRegistry } from '../../../../src/transport/util/signal-registry.ts';

/** What a channel of this role writes when its peer breaks the protocol. */
function saidTo(error: TransportError, role: 'accepted' | 'dialed'): string {
  const written: Uint8Array[] = [];
  const endpoint = { host: '127.0.0.1', port: 1 };
  const link: Pick<Link, 'local' | 'remote' | 'bufferedBytes' | 'write' | 'close' | 'abort'> = {
    local: endpoint,
    remote: endpoint,
    bufferedBytes: 0,
    write: (bytes) => written.push(bytes) > 0,
    close: () => undefined,
    abort: () => undefined,
  };
  const ended: (TransportError | null)[] = [];
  const options = { role, several: false, nodeName: 'n1', unread: new UnreadWatch(60_000) };
  const life = new ChannelLife(link as Link, options, { onHandshake: () => undefined, onEnded: (reason) => ended.push(reason) });
  const writer = new Writer(link as Link, life);
  const nothing = { runningCount: 0, inflatingCount: 0, streamed: null, hasUnread: false, close: () => undefined };
  life.begin({
    writer,
    gate: new ReadGate(link as Link, writer, Number.POSITIVE_INFINITY),
    outgoing: { inFlight: new InFlightTable(life, new SignalRegistry()) },
    incoming: nothing,
    reader: nothing,
  });
  life.onBroken(error);
  expect(ended).toEqual([error]);
  expect(life.state).toBe('closed');
  return Buffer.concat(written).toString('latin1');
}

const http = foreignMarker(Buffer.from('GET / HTTP/1.1\r\n'), 0);

test('an HTTP request is told that this is no place for it', () => {
  expect(saidTo(http, 'accepted')).toBe(NOT_AN_HTTP_PORT);
});

test('whatever its error says: what was received counts', () => {
  const { offset, head } = http;
  const reworded = new FrameError('ERR_BAD_MARKER', { offset: offset ?? 0, head: head ?? '' }, 'in other words');
  expect(saidTo(reworded, 'accepted')).toBe(NOT_AN_HTTP_PORT);
});

test.each<[string, TransportError]>([
  ['another error with the same words', new TransportError('ERR_CONNECTION_LOST', {}, NOT_AN_HTTP_PORT)],
  ['a broken frame with the same words', new FrameError('ERR_BAD_MARKER', { head: '0102030405' }, NOT_AN_HTTP_PORT)],
  ['a broken frame of which nothing is kept', new FrameError('ERR_BAD_LENGTH', {}, NOT_AN_HTTP_PORT)],
  ['bytes that are something else', foreignMarker(Buffer.from('SSH-2.0-x\r\n'), 0)],
])('%s gets no word', (_name, error) => {
  expect(saidTo(error, 'accepted')).toBe('');
});

test('a peer that was dialled gets no word either', () => {
  expect(saidTo(http, 'dialed')).toBe('');
});
