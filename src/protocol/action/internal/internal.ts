export { tcpHandshake } from './tcp-handshake.ts';
export { transportHandshake } from './transport-handshake.ts';
