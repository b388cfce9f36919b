import { ExtensionFaults } from '../../src/devnode/extensions/faulty-carrier.ts';
import type { LinkFaults } from '../../src/devnode/extensions/delayed-line.ts';
import { tcp } from '../../src/transport/carrier/tcp.ts';
import { carrierContract } from './carrier-contract.ts';

function create(faults: LinkFaults, options: Parameters<typeof tcp>[0]) {
  const disturbed = new ExtensionFaults();
  disturbed.set(faults);
  return disturbed.on(tcp(options));
}

carrierContract('a carrier of a development node without faults', { secure: false, create: (options) => create({}, options) });

carrierContract('a carrier of a development node that delays', { secure: false, create: (options) => create({ delayMs: 2 }, options) });
