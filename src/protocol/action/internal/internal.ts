// The family `internal` and its door: its actions, one line each, then their types.
export { tcpHandshake } from './tcp-handshake.ts';
export { transportHandshake } from './transport-handshake.ts';

export type { TcpHandshakeRequest, TcpHandshakeResponse } from './tcp-handshake.ts';
export type { TransportHandshakeRequest, TransportHandshakeResponse, TransportHandshakeResponseInit } from './transport-handshake.ts';
export type * from '../shared/shared-types.ts';
