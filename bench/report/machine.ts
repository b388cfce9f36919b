import { readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { allowedCores, canPin } from '../harness/pin.ts';

/** Where a run took place. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly arch: string;
  readonly memoryBytes: number;
  readonly os: string;
  readonly node: string;
  readonly v8: string;
  readonly openssl: string;
  readonly nodeOptions: string;
  readonly governor: string;
  readonly congestionControl: string;
  readonly pinned: boolean;
}

/** Describes this machine. What it does not tell is `unknown`. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: allowedCores().length,
    arch: arch(),
    memoryBytes: totalmem(),
    os: `${type()} ${release()}`,
    node: process.versions.node,
    v8: process.versions.v8,
    openssl: process.versions.openssl,
    nodeOptions: process.env['NODE_OPTIONS'] ?? '',
    governor: firstLine('/sys/devices/system/cpu/cpu0/cpufcalls/scaling_governor'),
    congestionControl: firstLine('/proc/sys/net/ipv4/tcp_congestion_control'),
    pinned: canPin(),
  };
}

function firstLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
