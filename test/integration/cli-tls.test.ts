import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { warnOfCertificate } from '../../src/cli/own-certificate.ts';
import { CertificateOffice } from '../contract/certificates.ts';
import { run, type Running, start } from '../unit/cli/run.ts';

describe.skipIf(!CertificateOffice.isOpen())('ostp over TLS', () => {
  let office: CertificateOffice;
  const running: Running[] = [];

  beforeAll(() => {
    office = new CertificateOffice();
    office.authority('ca');
    office.issue('node', 'ca', 'DNS:localhost,IP:127.0.0.1');
    office.issue('user', 'ca', 'DNS:user');
    office.authority('other');
    office.issue('stranger', 'other', 'DNS:stranger');
  });

  afterAll(async () => {
    for (const each of running) each.interrupt();
    await Promise.all(running.map((each) => each.done));
    office.close();
  });

  const pem = (name: string): string[] => ['--cert', office.path(`${name}.pem`), '--key', office.path(`${name}.key`)];
  const trusting = (): string[] => ['--tls', '--ca', office.path('ca.pem'), '--timeout', '5000'];

  async function serve(...args: string[]): Promise<{ address: string; server: Running }> {
    const server = start(['serve', '0', '--json', ...pem('node'), ...args]);
    running.push(server);
    const { host, port } = JSON.parse(await server.until('\n')) as { host: string; port: number };
    return { address: `${host}:${port}`, server };
  }

  test('a server with --ca serves clients with a certificate of that authority, and logs who is refused', async () => {
    const { address, server } = await serve('--ca', office.path('ca.pem'), '--verbose');
    const call = ['call', address, 'demo:echo', '{"text":"a"}', '--json', ...trusting()];
    expect(await run([...call, ...pem('user')])).toMatchObject({ exit: 0, stdout: expect.stringContaining('"text":"a"') as string });
    expect(await run(call)).toMatchObject({ exit: 3, stdout: '' });
    expect(await run([...call, ...pem('stranger')])).toMatchObject({ exit: 3, stdout: '' });
    server.interrupt();
    const { exit, stderr } = await server.done;
    expect(exit).toBe(0);
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: string; event: string; remote: string; code?: string });
    const refused = lines.filter(({ event }) => event === 'channelRefused');
    expect(refused.length).toBeGreaterThanOrEqual(2);
    for (const line of refused)
      expect(line).toMatchObject({ level: 'WARN', remote: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string });
  });

  test('without --ca any client is served', async () => {
    const { address } = await serve();
    expect(await run(['call', address, 'demo:echo', '{"text":"a"}', '--json', ...trusting()])).toMatchObject({ exit: 0, stderr: '' });
  });

  test.each<[string, number, RegExp | null]>([
    ['a certificate that expired', 400, /^warning: the certificate of --cert expired on .* GMT; peers will refuse it\n$/],
    ['one that is not valid yet', -400, /^warning: the certificate of --cert is not valid before .* GMT; peers will refuse it\n$/],
    ['one that is valid', 0, null],
  ])('%s: warned of, or not', async (_, days, expected) => {
    const { cert } = office.issue('dated', 'ca', 'DNS:dated');
    let printed = '';
    const stderr = { print: async (text: string) => void (printed += `${text}\n`) };
    await warnOfCertificate({ stderr } as never, '--cert', Buffer.from(cert), new Date(Date.now() + days * 86_400_000));
    if (expected === null) expect(printed).toBe('');
    else expect(printed).toMatch(expected);
  });
});
