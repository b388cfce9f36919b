import { tcp } from '../../src/transport/carrier/tcp.ts';
import { carrierContract } from './carrier-contract.ts';

carrierContract('tcp, reading from events', { secure: false, create: (options) => tcp({ ...options, reads: 'data' }) });
