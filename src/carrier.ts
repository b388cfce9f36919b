/**
 * Carriers: the media over which clients and servers connect (TCP, TLS, memory), and the interface for writing your own.
 *
 * @packageDocumentation
 */

export type { Delivery, ErrorCode, ErrorFault, ErrorScope } from './protocol/error/codes.ts';
export type { ErrorDetails, TransportError } from './protocol/error/transport-error.ts';
export { DEFAULT_TRANSPORT_PORT, formatEndpoint, type ParseEndpointOptions, parseEndpoint } from './transport/carrier/endpoint.ts';
export type * from './transport/carrier/link.ts';
export { type MemoryCarrierOptions, memoryCarrier } from './transport/carrier/memory.ts';
export { type TcpOptions, tcp } from './transport/carrier/tcp.ts';
export { tls } from './transport/carrier/tls.ts';
export type { Pem, TlsOptions } from './transport/carrier/tls-options.ts';
