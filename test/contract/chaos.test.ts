import { tcp } from '../../src/transport/carrier/tcp.ts';
import { chaosCarrier } from '../../src/testing/chaos-carrier.ts';
import { carrierContract } from './carrier-contract.ts';

carrierContract('a chaos carrier without faults', { secure: false, create: (options) => chaosCarrier(tcp(options)) });

carrierContract('a chaos carrier that cuts', {
  secure: false,
  create: (options) => chaosCarrier(tcp(options), { maxPieceBytes: 64 * 1024 }),
});
