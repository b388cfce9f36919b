import { X509Certificate } from 'node:crypto';
import type { Context } from './context.ts';

/** Warns on standard error when our own certificate is not valid now: peers refuse it, and tell us little. */
export async function warnOfCertificate({ stderr }: Pick<Context, 'stderr'>, option: string, pem: Buffer, now: Date): Promise<void> {
  const warning = warningOf(pem, now);
  if (warning !== null) await stderr.print(`warning: the certificate of ${option} ${warning}`);
}

function warningOf(pem: Buffer, now: Date): string | null {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    // The TLS carrier reports what is wrong with it.
    return null;
  }
  const { validFrom, validTo } = certificate;
  if (new Date(validTo) < now) return `expired on ${validTo}; peers will refuse it`;
  return new Date(validFrom) > now ? `is not valid before ${validFrom}; peers will refuse it` : null;
}
