import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { tls } from '../../src/transport/carrier/tls.ts';
import { tcp } from '../../src/transport/carrier/tcp.ts';
import type { Carrier } from '../../src/transport/carrier/link.ts';
import { CertificateOffice, type Issued } from '../contract/certificates.ts';
import { WatchedExtension } from '../support/interop-extension.ts';
import { ScriptedRestNode } from '../support/scripted-rest-node.ts';

describe.skipIf(!CertificateOffice.isOpen())('an extension that listens with TLS', () => {
  const HELLO = { name: 'name of hello', uniqueId: 'hello' } as const;
  const open: { close(): unknown }[] = [];
  let office: CertificateOffice;
  let certificates: Record<'root' | 'extension' | 'node' | 'stranger', Issued>;

  beforeAll(() => {
    office = new CertificateOffice();
    const root = office.authority('Root');
    office.authority('Other');
    const names = 'IP:127.0.0.1';
    certificates = {
      root,
      extension: office.issue('extension', 'Root', names),
      node: office.issue('node', 'Root', names),
      stranger: office.issue('stranger', 'Other', names),
    };
  });
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });
  afterAll(() => office.close());

  async function setUp(mutual: boolean, carrier: Carrier) {
    const watched = new WatchedExtension({ carrier: tls({ ...certificates.extension, ca: certificates.root.cert, mutual }) });
    open.push({ close: () => watched.ext.close({ drainMs: 0 }) });
    watched.ext.get('/hello', () => 'hello there');
    await watched.listen();
    const node = await new ScriptedRestNode({ carrier }).start();
    open.push(node);
    return { watched, node };
  }

  test.each([
    ['TLS', false],
    ['mutual TLS', true],
  ])('is initialised and served over %s', async (_what, mutual) => {
    const { root, node: own } = certificates;
    const { watched, node } = await setUp(mutual, tls({ ca: root.cert, ...(mutual && own) }));
    await watched.ext.initialize(node.url, HELLO);
    const answers = await Promise.all([0, 1, 2].map((socket) => node.node('hello').execute('hello', 'GET /hello', {}, { socket })));
    expect(answers.map(({ value }) => Buffer.from(value.content).toString())).toEqual(['hello there', 'hello there', 'hello there']);
    node.node('hello').close();
    await expect.poll(() => watched.events.map(({ type }) => type)).toContain('disconnected');
  });

  test.each<[what: string, carrier: () => Carrier]>([
    ['without a certificate', () => tls({ ca: certificates.root.cert })],
    ['with a certificate of another authority', () => tls({ ca: certificates.root.cert, ...certificates.stranger })],
    ['without TLS', () => tcp()],
  ])('refuses a node %s, and initialize() says why', async (_what, carrier) => {
    const { watched, node } = await setUp(true, carrier());
    const failed = watched.ext.initialize(node.url, { ...HELLO, timeoutMs: 1_500 });
    await expect(failed).rejects.toMatchObject({
      code: 'ERR_DEADLINE',
      phase: 'handshake',
      message: expect.stringMatching(
        /did not initialise the extension 'hello'.*last refused connection: .*check that both ends use TLS/,
      ) as string,
    });
    expect(watched.ext.nodes).toEqual([]);
  });
});
