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
    ['-tls1_2', 'ERR_TLS', 'alert handshake failure; it may demand a client certificate'],
    ['-tls1_3', 'ERR_CERT_UNTRUSTED', 'refused our certificate, or demands one'],
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

  test('versions that do not meet are an error of TLS', async () => {
    const { endpoint } = await serve('-rev', '-tls1_2');
    const dialled = tls({ ca: root.cert, minVersion: 'TLSv1.3' }).dial(endpoint, new RecordingEnd().accept);
    await expect(dialled).rejects.toMatchObject({ code: 'ERR_TLS', message: expect.stringContaining('protocol version') });
  });
}
