import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { afterAll, afterEach, expect, test } from 'vitest';
import { tls } from '../../src/transport/carrier/tls.ts';
import { CertificateOffice } from './certificates.ts';
import { RecordingEnd, until } from './recording-end.ts';

if (CertificateOffice.isOpen()) opensslSuite();
else test('tls', (context) => context.skip('interop with openssl needs the openssl command'));

type Program = ChildProcessByStdio<Writable, Readable, Readable>;

function opensslSuite(): void {
  const office = new CertificateOffice();
  const root = office.authority('Root');
  const node = office.issue('node-1', 'Root', 'DNS:localhost,IP:127.0.0.1');
  const programs: Program[] = [];
  afterEach(() => {
    for (const program of programs.splice(0)) program.kill('SIGKILL');
  });
  afterAll(() => office.close());

  function openssl(...args: string[]): { program: Program; output: () => string } {
    const program = spawn('openssl', args, { cwd: office.folder, stdio: ['pipe', 'pipe', 'pipe'] });
    programs.push(program);
    let heard = '';
    for (const stream of [program.stdout, program.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        heard += chunk.toString('latin1');
      });
    }
    return { program, output: () => heard };
  }

  test.each(['-tls1_2', '-tls1_3'])('s_client %s talks to a listener of ours', async (version) => {
    const end = new RecordingEnd();
    end.onChunk = (chunk) => void end.link.write(Buffer.from(chunk.toString().toUpperCase()));
    const listener = await tls(node).listen({ port: 0 }, end.accept);
    const trust = ['-CAfile', 'Root.pem', '-verify_return_error', '-verify_ip', '127.0.0.1'];
    const { program, output } = openssl(
      's_client',
      '-quiet',
      '-ign_eof',
      version,
      '-connect',
      `127.0.0.1:${listener.endpoint.port}`,
      ...trust,
    );
    program.stdin.write('hello node\n');
    await until('the answer', () => output().includes('HELLO NODE\n'));
    end.link.close();
    expect(await end.closed()).toBeNull();
    await until('s_client ends', () => program.exitCode !== null);
    expect(program.exitCode).toBe(0);
    await listener.close();
  });

  test('s_client without a certificate stays outside mutual TLS; with one it comes in', async () => {
    const end = new RecordingEnd();
    const errors: string[] = [];
    const listener = await tls({ ...node, ca: root.cert, mutual: true }).listen({ port: 0 }, end.accept, ({ code }) => errors.push(code));
    const address = ['s_client', '-quiet', '-connect', `127.0.0.1:${listener.endpoint.port}`, '-CAfile', 'Root.pem'];
    openssl(...address);
    await until('a complaint', () => errors.length === 1);
    expect(errors).toEqual(['ERR_CERT_UNTRUSTED']);
    expect(end.hasLink).toBe(false);
    const { program } = openssl(...address, '-cert', 'node-1.pem', '-key', 'node-1.key');
    program.stdin.write('hi\n');
    await until('the bytes', () => end.hasLink && end.received === 3);
    end.link.abort();
    await listener.close();
  });

  test.each([
    ['-tls1_2', 'AES128-SHA', false],
    ['-tls1_2', 'AES256-GCM-SHA384', false],
    ['-tls1_2', 'ECDHE-ECDSA-AES128-SHA256', false],
    ['-tls1_2', 'ECDHE-ECDSA-AES128-GCM-SHA256', true],
    ['-tls1_2', 'ECDHE-ECDSA-CHACHA20-POLY1305', true],
    ['-tls1_3', 'TLS_AES_128_GCM_SHA256', true],
    ['-tls1_3', 'TLS_AES_128_CCM_SHA256', false],
  ])('a listener of ours and s_client %s %s agree: %s', async (version, suite, agree) => {
    const errors: string[] = [];
    const end = new RecordingEnd();
    const listener = await tls(node).listen({ port: 0 }, end.accept, ({ code }) => errors.push(code));
    const option = version === '-tls1_3' ? '-ciphersuites' : '-cipher';
    const { output } = openssl(
      's_client',
      version,
      option,
      suite,
      '-connect',
      `127.0.0.1:${listener.endpoint.port}`,
      '-CAfile',
      'Root.pem',
    );
    await until('an outcome', () => end.hasLink || errors.length > 0);
    expect([end.hasLink, errors]).toEqual(agree ? [true, []] : [false, ['ERR_TLS']]);
    if (agree) await until('the suite', () => output().includes(`Cipher is ${suite}`));
    if (end.hasLink) end.link.abort();
    await listener.close();
  });

  test('a link of ours does not take a suite without forward secrecy, unless it is asked to', async () => {
    office.issueRsa('node-rsa', 'Root', 'IP:127.0.0.1');
    const { endpoint } = await serve('-rev', '-tls1_2', '-cipher', 'AES128-SHA', '-cert', 'node-rsa.pem', '-key', 'node-rsa.key');
    await expect(tls({ ca: root.cert }).dial(endpoint, new RecordingEnd().accept)).rejects.toMatchObject({ code: 'ERR_TLS' });
    const end = new RecordingEnd();
    const link = await tls({ ca: root.cert, ciphers: 'AES128-SHA' }).dial(endpoint, end.accept);
    link.abort();
  });

  async function serve(...args: string[]): Promise<{ endpoint: { host: string; port: number }; output: () => string }> {
    const { output } = openssl('s_server', '-accept', '127.0.0.1:0', '-cert', 'node-1.pem', '-key', 'node-1.key', ...args);
    await until('s_server listens', () => /ACCEPT 127\.0\.0\.1:\d+/.test(output()));
    return { endpoint: { host: '127.0.0.1', port: Number(/ACCEPT 127\.0\.0\.1:(\d+)/.exec(output())?.[1]) }, output };
  }

  test.each(['-tls1_2', '-tls1_3'])('a link of ours talks to s_server %s', async (version) => {
    const { endpoint } = await serve('-rev', version);
    const end = new RecordingEnd();
    const link = await tls({ ca: root.cert }).dial(endpoint, end.accept);
    link.write(Buffer.from('stressed\n'));
    await until('the answer', () => end.received === 9);
    expect(end.bytes.toString()).toBe('desserts\n');
    link.close();
    expect(await end.closed()).toBeNull();
  });

  test.each([
    ['-tls1_2', 'ERR_CERT_UNTRUSTED', 'demands a client certificate: pass the options cert and key'],
    ['-tls1_3', 'ERR_CERT_UNTRUSTED', 'demands a client certificate: pass the options cert and key ('],
  ])('s_server %s that demands a certificate says so, and we pass it on', async (version, code, text) => {
    const { endpoint } = await serve('-rev', version, '-CAfile', 'Root.pem', '-Verify', '1', '-verify_return_error');
    const end = new RecordingEnd();
    // In TLS 1.2 the dialling fails. In TLS 1.3 the link is there when the server objects.
    const error = await tls({ ca: root.cert })
      .dial(endpoint, end.accept)
      .then(
        () => end.closed(),
        (reason: unknown) => reason,
      );
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
  });

  test.each(['-tls1_2', '-tls1_3'])('s_server %s that refuses a certificate of a wrong authority: it is named', async (version) => {
    office.authority('Other');
    const stranger = office.issue('stranger', 'Other', 'IP:127.0.0.1');
    const { endpoint } = await serve('-rev', version, '-CAfile', 'Root.pem', '-Verify', '1', '-verify_return_error');
    const end = new RecordingEnd();
    const error = await tls({ ca: root.cert, ...stranger })
      .dial(endpoint, end.accept)
      .then(
        () => end.closed(),
        (reason: unknown) => reason,
      );
    expect(error).toMatchObject({
      code: 'ERR_CERT_UNTRUSTED',
      message: expect.stringMatching(/ refused our client certificate "CN=stranger" issued by "O=Tests, CN=Other" \(.*unknown ca\)$/),
    });
  });

  test('versions that do not meet are an error of TLS', async () => {
    const { endpoint } = await serve('-rev', '-tls1_2');
    const dialled = tls({ ca: root.cert, minVersion: 'TLSv1.3' }).dial(endpoint, new RecordingEnd().accept);
    await expect(dialled).rejects.toMatchObject({ code: 'ERR_TLS', message: expect.stringContaining('protocol version') });
  });
}
