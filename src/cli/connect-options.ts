import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { UsageError } from '../protocol/error/transport-error.ts';
import type { Carrier } from '../transport/carrier/link.ts';
import { tcp } from '../transport/carrier/tcp.ts';
import { tls } from '../transport/carrier/tls.ts';
import type { Context } from './context.ts';
import { warnOfCertificate } from './own-certificate.ts';

/** TLS options of commands that dial. */
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
    .option('--tls', 'use TLS')
    .option('--ca <file>', 'authorities to trust (PEM; default: the well-known ones)')
    .option('--cert <file>', 'client certificate (PEM), for nodes that require one')
    .option('--key <file>', 'private key of --cert (PEM)')
    .option('--servername <name>', 'name that the certificate of the node must have (default: the host)')
    .option('--insecure', 'accept any certificate: others on the network can then read and change everything');
}

/** Returns the carrier of a command that dials: TCP, or TLS with `--tls`. @throws ERR_CONFIG for a TLS option without `--tls`, and for a file that cannot be used */
export async function carrierOf(context: Context, flags: TlsFlags): Promise<Carrier> {
  const { tls: wanted, ca, cert, key, servername, insecure } = flags;
  if (!wanted) {
    const alone = Object.entries({ ca, cert, key, servername, insecure }).find(([, value]) => value !== undefined);
    if (alone !== undefined) throw new UsageError('ERR_CONFIG', {}, `--${alone[0]} needs --tls`);
    return tcp();
  }
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('ERR_CONFIG', {}, '--cert and --key must be given together');
  const own = cert === undefined ? undefined : await readOption('--cert', cert);
  if (own !== undefined) await warnOfCertificate(context, '--cert', own, new Date());
  return tls({
    ...(ca !== undefined && { ca: await readOption('--ca', ca) }),
    ...(own !== undefined && { cert: own }),
    ...(key !== undefined && { key: await readOption('--key', key) }),
    ...(servername !== undefined && { servername }),
    ...(insecure && { rejectUnauthorized: false }),
  });
}

/** Reads the file that an option names. @throws ERR_CONFIG if it cannot be read */
export async function readOption(option: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new UsageError('ERR_CONFIG', { cause }, `cannot read the file of ${option}: ${(cause as Error).message}`);
  }
}
