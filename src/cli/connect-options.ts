import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { UsageError } from '../protocol/error/transport-error.ts';
import type { Carrier } from '../transport/carrier/link.ts';
import { tcp } from '../transport/carrier/tcp.ts';
import { tls } from '../transport/carrier/tls.ts';

/** Options of commands that use TLS. */
export interface TlsFlags {
  readonly tls?: true;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly insecure?: true;
}

/** Adds the options of {@link TlsFlags} to a command that dials. */
export function withTlsOptions(command: Command): Command {
  return command
    .option('--tls', 'speak TLS')
    .option('--ca <file>', 'authorities to trust, PEM')
    .option('--cert <file>', 'our certificate, PEM')
    .option('--key <file>', 'the key of our certificate, PEM')
    .option('--servername <name>', 'name the certificate of the node has to carry')
    .option('--insecure', 'trust any certificate: whoever stands in between can read and change everything');
}

/** TCP, or TLS when it is asked for. @throws ERR_CONFIG when an option of TLS stands alone, or its file cannot be used */
export async function carrierOf(flags: TlsFlags): Promise<Carrier> {
  const { tls: wanted, ca, cert, key, servername, insecure } = flags;
  if (!wanted) {
    const lonely = Object.entries({ ca, cert, key, servername, insecure }).find(([, value]) => value !== undefined);
    if (lonely !== undefined) throw new UsageError('ERR_CONFIG', {}, `--${lonely[0]} needs --tls`);
    return tcp();
  }
  return tls({
    ...(ca !== undefined && { ca: await readOption('--ca', ca) }),
    ...(cert !== undefined && { cert: await readOption('--cert', cert) }),
    ...(key !== undefined && { key: await readOption('--key', key) }),
    ...(servername !== undefined && { servername }),
    ...(insecure && { rejectUnauthorized: false }),
  });
}

/** The file an option names. @throws ERR_CONFIG when it cannot be read */
export async function readOption(option: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new UsageError('ERR_CONFIG', { cause }, `${option}: ${(cause as Error).message}`);
  }
}
