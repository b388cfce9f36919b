import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Codec, createServer, defineAction, type Server } from '../../../../src/index.ts';
import { MessageReader } from '../../../../src/protocol/frame/native/message.ts';
import { parseVersion, type VersionId, versionText } from '../../../../src/protocol/wire/version.ts';
import type { LinkSink } from '../../../../src/transport/carrier/link.ts';
import { memoryCarrier } from '../../../../src/transport/carrier/memory.ts';
import { PeerReleases } from '../../../../src/transport/channel/peer-releases.ts';
import { rawFrame, requestHeader } from '../../../support/raw-frame.ts';
import { until } from '../../../support/raw-peer.ts';

/** Releases that codecs were told of the peer: when a request is read, its answer is written, and a call of ours is written. */
let seen: { read: string; written: string };
const probe: Codec<null, null> = {
  schema: { kind: 'custom', name: 'probe' },
  read: ({ peerVersion }) => {
    seen.read = versionText(peerVersion);
    return null;
  },
  write: ({ peerVersion }) => {
    seen.written = versionText(peerVersion);
  },
};
const ask = defineAction({ name: 'demo:ask', request: probe, response: probe });
const askBack = defineAction({ name: 'demo:ask-back', request: probe, response: probe });

/** TCP handshake requests of genuine nodes: header 2.19.0, and their release inside. */
const HANDSHAKES = {
  '3.9.0': '45530000003100000000000000010808216b130000001a00000016696e7465726e616c3a7463702f68616e647368616b650004b3cdbc41',
  '2.19.6': '45530000003100000000000000010808216b130000001a00000016696e7465726e616c3a7463702f68616e647368616b650004ebda8541',
};

class Peer implements LinkSink {
  readonly #reader = new MessageReader();
  heard = 0;

  onBytes(chunk: Buffer): void {
    this.heard += [...this.#reader.push(chunk)].length;
  }

  readTarget(): null {
    return null;
  }

  onFilled(): void {}

  onDrain(): void {}

  onClose(): void {}
}

const carrier = memoryCarrier();
let server: Server;
let told: (string | null)[];
let port = 0;

beforeEach(async () => {
  told = [];
  server = createServer({ carrier });
  server.handle(ask, (_request, { channel }) => {
    told.push(channel.peerVersion);
    return null;
  });
  server.handle(askBack, (_request, { channel }) => {
    channel.call(ask, null).catch(() => undefined);
    return new Promise<null>(() => undefined);
  });
  ({ port } = await server.listen(0));
});
afterEach(() => server.close({ drainMs: 0 }));

async function dial(): Promise<{
  shake: (release: keyof typeof HANDSHAKES) => Promise<void>;
  ask: (back?: boolean) => Promise<typeof seen>;
  end: () => void;
}> {
  const peer = new Peer();
  const link = await carrier.dial({ host: '127.0.0.1', port }, () => peer);
  const send = async (frame: Buffer): Promise<void> => {
    const before = peer.heard;
    link.write(frame);
    await until('an answer', () => peer.heard > before);
  };
  return {
    shake: (release) => send(Buffer.from(HANDSHAKES[release], 'hex')),
    ask: async (back = false) => {
      seen = { read: '', written: '' };
      const action = back ? askBack.name : ask.name;
      await send(rawFrame({ id: 7n, status: 0, version: parseVersion('2.19.0'), variable: requestHeader(action), body: Buffer.of(0) }));
      return seen;
    },
    end: () => link.abort(),
  };
}

test.each(['3.9.0', '2.19.6'] as const)('of an accepted channel is the one its handshake told: %s', async (release) => {
  const peer = await dial();
  await peer.shake(release);
  expect(await peer.ask()).toEqual({ read: release, written: release });
  expect(await peer.ask(true)).toEqual({ read: release, written: release });
  expect(told).toEqual([release]);
});

test('is the one that another channel of its host told, while none told another', async () => {
  const [first, second, third] = [await dial(), await dial(), await dial()];
  await first.shake('3.9.0');
  expect(await second.ask()).toEqual({ read: '3.9.0', written: '3.9.0' });
  const other = await dial();
  await other.shake('2.19.6');
  // What it speaks is all that is certain of it.
  expect(await third.ask()).toEqual({ read: '2.19.0', written: '2.19.0' });
});

test('is asked for again when the channel that told another one is over, or a first one tells', async () => {
  const early = await dial();
  expect(await early.ask()).toEqual({ read: '2.19.0', written: '2.19.0' });
  const first = await dial();
  await first.shake('3.9.0');
  expect(await early.ask()).toEqual({ read: '3.9.0', written: '3.9.0' });
  const other = await dial();
  await other.shake('2.19.6');
  const late = await dial();
  expect(await late.ask()).toEqual({ read: '2.19.0', written: '2.19.0' });
  other.end();
  await until('the end', () => server.connections === 3);
  expect(await late.ask()).toEqual({ read: '3.9.0', written: '3.9.0' });
  expect(told).toEqual([null, '3.9.0', null, '3.9.0']);
});

test('is unknown without a handshake: the version it speaks counts', async () => {
  const peer = await dial();
  expect(await peer.ask(true)).toEqual({ read: '2.19.0', written: '2.19.0' });
});

test('is forgotten with the channel that told it', async () => {
  const first = await dial();
  await first.shake('3.9.0');
  first.end();
  await until('the end', () => server.connections === 0);
  const second = await dial();
  expect(await second.ask()).toEqual({ read: '2.19.0', written: '2.19.0' });
});

test('releases of a host count while their channels are open', () => {
  const releases = new PeerReleases();
  const [old, young]: VersionId[] = [parseVersion('2.19.6'), parseVersion('3.9.0')];
  expect(releases.of('h')).toBe(0);
  releases.add('h', young as VersionId);
  releases.add('h', young as VersionId);
  releases.add('other', old as VersionId);
  expect(releases.of('h')).toBe(young);
  releases.add('h', old as VersionId);
  expect(releases.of('h')).toBe(0);
  releases.remove('h', old as VersionId);
  releases.remove('h', young as VersionId);
  releases.remove('h', old as VersionId);
  expect(releases.of('h')).toBe(young);
  releases.remove('h', young as VersionId);
  expect(releases.of('h')).toBe(0);
});
