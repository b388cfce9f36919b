import { connect as connectPlain, createServer as createPlainServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { HandshakeError, type TransportError } from '../../src/protocol/error/transport-error.ts';
import type { Endpoint, Listener } from '../../src/transport/carrier/link.ts';
import { tcp } from '../../src/transport/carrier/tcp.ts';
import { tls } from '../../src/transport/carrier/tls.ts';
import type { TlsOptions } from '../../src/transport/carrier/tls-options.ts';
import { carrierContract } from './carrier-contract.ts';
import { CertificateOffice } from './certificates.ts';
import { RecordingEnd, until } from './recording-end.ts';

const NAMES = 'DNS:localhost,DNS:node-1.example,IP:127.0.0.1,IP:::1';

if (CertificateOffice.isOpen()) tlsSuite();
else test('tls', (context) => context.skip('TLS needs the openssl command to make certificates'));

function tlsSuite(): void {
  const office = new CertificateOffice();
  const root = office.authority('Root');
  const stranger = office.authority('Stranger');
  const node = office.issue('node-1', 'Root', NAMES);
  const client = office.issue('client-1', 'Root', 'DNS:client-1');
  const impostor = office.issue('impostor', 'Stranger', 'DNS:client-1');
  const expired = office.issue('expired', 'Root', NAMES, -1);
  afterAll(() => office.close());

  carrierContract('tls', { secure: true, create: (options) => tls({ ...node, ca: root.cert, ...options }) });
  carrierContract('mutual tls 1.2', {
    secure: true,
    create: (options) => tls({ ...node, ca: root.cert, mutual: true, minVersion: 'TLSv1.2', ...options }),
  });

  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });

  interface Host {
    readonly listener: Listener;
    readonly end: RecordingEnd;
    readonly errors: TransportError[];
  }

  async function host(options: TlsOptions): Promise<Host> {
    const end = new RecordingEnd();
    const errors: TransportError[] = [];
    const listener = await tls(options).listen({ port: 0 }, end.accept, (error) => errors.push(error));
    cleanups.push(() => listener.close());
    return { listener, end, errors };
  }

  async function plainHost(server: Server): Promise<Endpoint> {
    server.listen(0, '127.0.0.1');
    cleanups.push(() => server.close());
    await until('listening', () => server.listening);
    return { host: '127.0.0.1', port: (server.address() as { port: number }).port };
  }

  async function failureOf(dialled: Promise<unknown>): Promise<TransportError> {
    const error = await dialled.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(HandshakeError);
    return error as TransportError;
  }

  async function dialFailure(endpoint: Endpoint, options: TlsOptions): Promise<TransportError> {
    const end = new RecordingEnd();
    const error = await failureOf(tls(options).dial(endpoint, end.accept, { timeoutMs: 5_000 }));
    expect(end.hasLink).toBe(false);
    expect(error.delivery).toBe('not-sent');
    return error;
  }

  describe('a dialler judges the certificate it is shown', () => {
    test('an unknown authority is named', async () => {
      const { listener } = await host(node);
      const error = await dialFailure(listener.endpoint, { ca: stranger.cert });
      expect(error.code).toBe('ERR_CERT_UNTRUSTED');
      expect(error.message).toContain(`the certificate of 127.0.0.1:${listener.endpoint.port} was issued by "O=Tests, CN=Root"`);
    });

    test('a certificate for another name tells which was expected and which it carries', async () => {
      const { listener } = await host(office.issue('other', 'Root', 'DNS:elsewhere.example'));
      const error = await dialFailure(listener.endpoint, { ca: root.cert, servername: 'node-1.example' });
      expect(error.code).toBe('ERR_CERT_UNTRUSTED');
      expect(error.message).toContain('is not for node-1.example: it names DNS:elsewhere.example');
    });

    test('an address has to stand in the certificate as well', async () => {
      const { listener } = await host(office.issue('nameless', 'Root', 'DNS:localhost'));
      expect(await dialFailure(listener.endpoint, { ca: root.cert })).toMatchObject({
        code: 'ERR_CERT_UNTRUSTED',
        message: expect.stringContaining('is not for 127.0.0.1: it names DNS:localhost'),
      });
    });

    test('an expired one tells since when', async () => {
      const { listener } = await host(expired);
      const error = await dialFailure(listener.endpoint, { ca: root.cert });
      expect(error.code).toBe('ERR_CERT_UNTRUSTED');
      expect(error.message).toMatch(/has expired on \w{3} .* GMT$/);
    });

    test.each(['localhost', '127.0.0.1'])('a good one is fine when %s is dialled', async (name) => {
      const { listener, end } = await host(node);
      const dialled = new RecordingEnd();
      const link = await tls({ ca: root.cert }).dial({ host: name, port: listener.endpoint.port }, dialled.accept);
      link.write(Buffer.from('hello'));
      await until('the bytes', () => end.received === 5);
      link.close();
      expect([await dialled.closed(), await end.closed()]).toEqual([null, null]);
    });

    test('servername decides the name, and checkServerIdentity may judge it itself', async () => {
      const { listener } = await host(node);
      const end = new RecordingEnd();
      const asked: string[] = [];
      const judge = (name: string): undefined => void asked.push(name);
      const link = await tls({ ca: root.cert, servername: 'any.example', checkServerIdentity: judge }).dial(listener.endpoint, end.accept);
      link.abort();
      expect(asked).toEqual(['any.example']);
      const refuse = (): Error => new Error('not on my list');
      expect(await dialFailure(listener.endpoint, { ca: root.cert, checkServerIdentity: refuse })).toMatchObject({
        code: 'ERR_CERT_UNTRUSTED',
        message: expect.stringContaining('was refused: not on my list'),
      });
    });

    test('rejectUnauthorized: false takes whatever comes', async () => {
      const { listener } = await host(expired);
      const end = new RecordingEnd();
      const link = await tls({ rejectUnauthorized: false }).dial(listener.endpoint, end.accept);
      link.close();
      expect(await end.closed()).toBeNull();
    });
  });

  describe('mutual TLS', () => {
    const demanding: TlsOptions = { ...node, ca: root.cert, mutual: true };

    test('a client certificate of the authority is let in', async () => {
      const { listener, end, errors } = await host(demanding);
      const link = await tls({ ...client, ca: root.cert }).dial(listener.endpoint, new RecordingEnd().accept);
      link.write(Buffer.from('it is me'));
      await until('the bytes', () => end.received === 8);
      expect(errors).toEqual([]);
      link.abort();
    });

    test.each([
      ['no certificate', {}, 'showed no certificate, and this port demands one'],
      ['one of a stranger', impostor, 'showed a certificate that is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)'],
    ])('a client with %s stays outside, and both ends say so', async (_, identity, complaint) => {
      const { listener, end, errors } = await host(demanding);
      const dialled = new RecordingEnd();
      const carrier = tls({ ...identity, ca: root.cert });
      // In TLS 1.3 the client is done before the server has judged, so that the link may come and end at once.
      await carrier.dial(listener.endpoint, dialled.accept).catch(() => undefined);
      await until('a complaint', () => errors.length === 1);
      expect(errors[0]).toMatchObject({ code: 'ERR_CERT_UNTRUSTED' });
      expect(errors[0]?.message).toMatch(/^the peer at 127\.0\.0\.1:\d+ /);
      expect(errors[0]?.message).toContain(complaint);
      expect(end.hasLink).toBe(false);
      if (dialled.hasLink) await dialled.closed();
      expect(dialled.received).toBe(0);
    });
  });

  describe('plain against TLS', () => {
    test.each([
      ['a transport frame', Buffer.from('4553ffffffff', 'hex'), 'it sent plain bytes, such as a transport frame'],
      ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'it sent a plain HTTP request'],
    ])('a plain peer that sends %s to a TLS port is named', async (_, bytes, complaint) => {
      const { listener, end, errors } = await host(node);
      const peer = connectPlain(listener.endpoint.port, '127.0.0.1').on('error', () => {});
      cleanups.push(() => peer.destroy());
      await until('the connection', () => peer.localPort !== undefined);
      const { localPort } = peer;
      peer.write(bytes);
      await until('a complaint', () => errors.length === 1);
      expect(errors[0]).toMatchObject({ code: 'ERR_TLS' });
      expect(errors[0]?.message).toBe(`the peer at 127.0.0.1:${localPort} does not speak TLS: ${complaint}`);
      await until('the peer is put off', () => peer.destroyed);
      expect(end.hasLink).toBe(false);
    });

    test('a plain peer that answers a TLS dialling is named', async () => {
      const server = createPlainServer((socket) => socket.on('error', () => {}).end('This is not an HTTP port'));
      const endpoint = await plainHost(server);
      const error = await dialFailure(endpoint, { ca: root.cert });
      expect(error).toMatchObject({ code: 'ERR_TLS', message: `127.0.0.1:${endpoint.port} answered without TLS` });
    });

    test('a plain peer that hangs up, as nodes without TLS do, is guessed', async () => {
      const server = createPlainServer((socket) => socket.on('error', () => {}).once('data', () => socket.destroy()));
      const error = await dialFailure(await plainHost(server), { ca: root.cert });
      expect(error.code).toBe('ERR_TLS');
      expect(error.message).toContain('ended the connection during the TLS handshake; a node without TLS does that');
    });

    test('a plain dialler at a TLS port hears an alert, not frames, and then the end', async () => {
      const { listener, errors } = await host(node);
      const end = new RecordingEnd();
      const link = await tcp().dial(listener.endpoint, end.accept);
      link.write(Buffer.from('4553ffffffff', 'hex'));
      await end.closed();
      expect(errors).toHaveLength(1);
      if (end.received > 0) expect(end.bytes.subarray(0, 2).toString('hex')).toBe('1503');
    });
  });

  describe('time', () => {
    test('a peer that accepts and never answers runs into the deadline', async () => {
      const endpoint = await plainHost(createPlainServer((socket) => void cleanups.push(() => socket.destroy())));
      const dialled = tls({ ca: root.cert }).dial(endpoint, new RecordingEnd().accept, { timeoutMs: 60 });
      await expect(dialled).rejects.toMatchObject({
        code: 'ERR_DEADLINE',
        phase: 'handshake',
        delivery: 'not-sent',
        message: `Connection timeout to 127.0.0.1:${endpoint.port} after 60 ms: it accepted the connection, but its TLS handshake did not end`,
      });
    });

    test('a handshake that does not end is dropped by the server', async () => {
      const { listener, errors } = await host({ ...node, handshakeTimeoutMs: 60 });
      const peer = connectPlain(listener.endpoint.port, '127.0.0.1').on('error', () => {});
      cleanups.push(() => peer.destroy());
      await until('a complaint', () => errors.length === 1);
      expect(errors[0]).toMatchObject({
        code: 'ERR_TLS',
        message: expect.stringMatching(/^the peer at 127\.0\.0\.1:\d+ did not finish its TLS handshake in time$/),
      });
      await until('the peer is put off', () => peer.destroyed);
    });

    test('a handshake that outlasts its listener makes no link', async () => {
      const { listener, end } = await host(node);
      const late = connectPlain(listener.endpoint.port, '127.0.0.1');
      await until('the connection', () => late.localPort !== undefined);
      await sleep(30);
      await listener.close();
      const secured = connectTls({ socket: late, ca: root.cert, servername: 'localhost' }).on('error', () => {});
      cleanups.push(() => secured.destroy());
      await until('the end', () => secured.resume().closed);
      expect(end.hasLink).toBe(false);
    });
  });

  describe('identities', () => {
    test('an encrypted PKCS#12 file serves as well', async () => {
      const { listener, end } = await host({ pfx: office.pack('node-1', 'open sesame'), passphrase: 'open sesame' });
      const link = await tls({ ca: root.cert }).dial(listener.endpoint, new RecordingEnd().accept);
      link.write(Buffer.from('packed'));
      await until('the bytes', () => end.received === 6);
      link.abort();
    });

    test.each([
      ['a path', { ca: '/etc/root-ca.pem' }, '`ca` is not in PEM form; pass the content of the file, not its path'],
      ['a key for an authority', { ca: node.key }, '`ca` holds no certificate'],
      ['a certificate that is none', { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }, '`ca` holds no certificate'],
      ['half a certificate', { ca: root.cert.slice(0, 200) }, '`ca` holds no certificate'],
      ['authorities of which one is none', { ca: [root.cert, node.key] }, '`ca` holds no certificate'],
      ['no authorities at all', { ca: [] }, '`ca` holds no certificate'],
      ['a key for a certificate', { cert: node.key, key: node.key }, '`cert` holds no certificate'],
      ['half an identity', { cert: node.cert }, '`cert` is there without `key`'],
      ['the other half', { key: node.key }, '`key` is there without `cert`'],
      ['a key of another certificate', { cert: node.cert, key: client.key }, '`key` is not the key of `cert`'],
      ['mutual TLS without authorities', { ...node, mutual: true }, 'mutual TLS needs `ca`'],
    ])('%s is refused at once', (_, options: TlsOptions, fault) => {
      let message = '';
      expect(() => {
        try {
          tls(options);
        } catch (error) {
          message = String(error);
          throw error;
        }
      }).toThrow(expect.objectContaining({ code: 'ERR_CONFIG', message: expect.stringContaining(fault) }));
      expect(message).not.toContain('PRIVATE');
    });

    test.each([
      ['a wrong passphrase', 'nonsense'],
      ['a missing passphrase', undefined],
    ])('%s is refused at once', (_, passphrase) => {
      const pfx = office.pack('node-1', 'open sesame');
      expect(() => tls(passphrase === undefined ? { pfx } : { pfx, passphrase })).toThrow(
        expect.objectContaining({ code: 'ERR_CONFIG', message: expect.stringContaining('passphrase') }),
      );
    });

    test('listening needs a certificate', async () => {
      await expect(tls({ ca: root.cert }).listen({ port: 0 }, new RecordingEnd().accept)).rejects.toMatchObject({ code: 'ERR_CONFIG' });
    });
  });
}
