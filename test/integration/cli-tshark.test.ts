import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { openInput } from '../../src/cli/decode-input.ts';
import type { ConversationEvent } from '../../src/inspect/conversation/conversation-event.ts';
import { noCounts, readCapture } from '../../src/inspect/conversation/read-capture.ts';
import { run } from '../unit/cli/run.ts';

const captures = ['session', 'pingseg'].map((name) => fileURLToPath(new URL(`../vectors/${name}.pcap`, import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), 'ostp-tshark-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const isThere = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
const missing = ['tshark', 'editcap'].filter((program) => !isThere(program));

if (missing.length > 0) {
  test('captures as Wireshark reads them', (context) => context.skip(`${missing.join(' and ')} not on the PATH`));
}

/** Bytes of every direction, as tshark finds them in the segments (nothing is lost or repeated in these captures). */
function payloads(file: string): Record<string, string> {
  const columns = ['ip.src', 'tcp.srcport', 'ip.dst', 'tcp.dstport', 'tcp.payload'].flatMap((name) => ['-e', name]);
  const lines = execFileSync('tshark', ['-r', file, '-Y', 'tcp.len > 0', '-T', 'fields', ...columns], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const streams: Record<string, string> = {};
  for (const line of lines.trim().split('\n')) {
    const [source, sourcePort, target, targetPort, payload = ''] = line.split('\t');
    const key = `${source}:${sourcePort} ${target}:${targetPort}`;
    streams[key] = (streams[key] ?? '') + payload;
  }
  return streams;
}

async function decoded(file: string): Promise<Record<string, string>> {
  const input = await openInput(file, Readable.from([]));
  if (input.kind !== 'packets') throw new Error('expected packets');
  const streams: Record<string, string> = {};
  const events: ConversationEvent[] = [];
  for await (const batch of readCapture(input.packets, {}, noCounts())) events.push(...batch);
  for (const event of events) {
    if (event.kind !== 'message' && event.kind !== 'ping') throw new Error(`unexpected ${event.kind}`);
    const key = `${event.from} ${event.to}`;
    streams[key] = (streams[key] ?? '') + event.bytes.toString('hex');
  }
  return streams;
}

/** What decoding prints, with times in microseconds: not every format has more. */
async function messages(file: string): Promise<string[]> {
  const { exit, stdout, stderr } = await run(['decode', file, '--json']);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  return stdout.replaceAll(/("time":"\d+\.\d{6})\d{3}"/g, '$1"').split('\n');
}

describe.skipIf(missing.length > 0)('captures as Wireshark reads them', () => {
  test.each(captures)('%#: the frames of each direction are its bytes, all of them', async (file) => {
    expect(await decoded(file)).toEqual(payloads(file));
  });

  test.each(['pcap', 'nsecpcap', 'pcapng'])('the same messages come out of a conversion to %s', async (format) => {
    for (const [i, file] of captures.entries()) {
      const converted = join(scratch, `${i}.${format}`);
      execFileSync('editcap', ['-F', format, file, converted], { stdio: 'ignore' });
      expect(await messages(converted)).toEqual(await messages(file));
    }
  });

  test('the same messages, though segments are repeated and swapped', async () => {
    const [file = ''] = captures;
    const [copy, shifted, merged] = ['copy', 'shifted', 'merged'].map((name) => join(scratch, `${name}.pcapng`)) as [
      string,
      string,
      string,
    ];
    // A second copy of every packet, a little later: retransmissions all over, between the packets that followed.
    execFileSync('editcap', ['-t', '0.0015', file, shifted], { stdio: 'ignore' });
    execFileSync('mergecap', ['-w', merged, file, shifted], { stdio: 'ignore' });
    expect(await decoded(merged)).toEqual(payloads(file));
    execFileSync('editcap', ['-D', '0', merged, copy], { stdio: 'ignore' });
    expect(await decoded(copy)).toEqual(payloads(file));
  });

  test('a capture with short packets has gaps, and nothing is made up', async () => {
    const short = join(scratch, 'short.pcap');
    execFileSync('editcap', ['-F', 'pcap', '-s', '120', captures[0] ?? '', short], { stdio: 'ignore' });
    const { stdout } = await run(['decode', short, '--brief']);
    expect(stdout).toMatch(/gap: \d+ bytes are not in the capture/);
    expect(stdout).toContain('handshake request 1  internal:tcp/handshake');
  });
});
