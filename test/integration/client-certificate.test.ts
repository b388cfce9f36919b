import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createClient, createServer, defineAction, type Server, type ServerEvent, string, struct } from '../../src/index.ts';
import { tls } from '../../src/transport/carrier/tls.ts';
import type { TlsOptions } from '../../src/transport/carrier/tls-options.ts';
import { CertificateOffice, type Issued } from '../contract/certificates.ts';
import { until } from '../support/raw-peer.ts';

const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });

describe.skipIf(!CertificateOffice.isOpen())('a server that demands client certificates', () => {
  let office: CertificateOffice;
  let certificates: Record<'root' | 'node' | 'client' | 'other' | 'stranger', Issued>;
  const open: { close(options?: { drainMs?: number }): Promise<void> }[] = [];

  beforeAll(() => {
    office = new CertificateOffice();
    const [root, other] = [office.authority('Root'), office.authority('Other')];
    const names = 'IP:127.0.0.1';
    certificates = {
      root,
      other,
      node: office.issue('node', 'Root', names),
      client: office.issue('client', 'Root', names),
      stranger: office.issue('stranger', 'Other', names),
    };
  });
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close({ drainMs: 0 });
  });
  afterAll(() => office.close());

  async function setUp(own: Partial<TlsOptions>, minVersion: 'TLSv1.2' | 'TLSv1.3', profile: 'single' | 'node' = 'single') {
    const ca = certificates.root.cert;
    const events: ServerEvent[] = [];
    const server: Server = createServer({
      carrier: tls({
        ...certificates.node,
        ca,
        mutual: true,
        minVersion,
        ...(minVersion === 'TLSv1.2' && { ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }),
      }),
      onEvent: (event) => events.push(event),
    });
    server.handle(echo, (request) => request);
    const { port } = await server.listen(0);
    const client = createClient({ nodes: [`127.0.0.1:${port}`], carrier: tls({ ca, ...own }), reconnect: false, profile });
    open.push(server, client);
    return { client, server, events };
  }

  test.each(['single', 'node'] as const)('a client of a wrong authority is told which certificate was refused: %s', async (profile) => {
    const { client, events } = await setUp(certificates.stranger, 'TLSv1.3', profile);
    await expect(client.call(echo, { text: 'x' })).rejects.toMatchObject({
      code: 'ERR_CERT_UNTRUSTED',
      delivery: 'not-sent',
      message: expect.stringMatching(
        /^127\.0\.0\.1:\d+ asked for a client certificate and closed the connection when it was shown "CN=stranger" issued by "O=Tests, CN=Other": it most likely does not trust its issuer$/,
      ),
    });
    await until('the refusal', () => events.some(({ type }) => type === 'channelRefused'));
    expect(events[0]).toMatchObject({ type: 'channelRefused', remote: { host: '127.0.0.1' }, error: { code: 'ERR_CERT_UNTRUSTED' } });
  });

  test('a client without a certificate is told that it needs one', async () => {
    const { client } = await setUp({}, 'TLSv1.3');
    await expect(client.call(echo, { text: 'x' })).rejects.toMatchObject({ code: 'ERR_CERT_UNTRUSTED' });
  });

  test('one with a certificate of the authority is served', async () => {
    const { client } = await setUp(certificates.client, 'TLSv1.3', 'node');
    expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'x' });
  });

  test.each([
    ['a certificate of a wrong authority', () => certificates.stranger, /when it was shown "CN=stranger" issued by/],
    ['no certificate', () => ({}), /demands a client certificate: pass the options cert and key/],
  ])('the same in TLS 1.2: %s', async (_what, own, text) => {
    const { client } = await setUp({ ...own(), ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }, 'TLSv1.2');
    await expect(client.call(echo, { text: 'x' })).rejects.toMatchObject({
      code: 'ERR_CERT_UNTRUSTED',
      message: expect.stringMatching(text),
    });
  });
});
