/** The parts used here of peers that ship no types. */

declare module 'rsocket-flowable' {
  export interface Subscriber<T> {
    onComplete?: (value: T) => void;
    onError?: (error: Error) => void;
    onSubscribe?: (cancel: () => void) => void;
  }
  export class Single<T> {
    static of<T>(value: T): Single<T>;
    subscribe(subscriber: Subscriber<T>): void;
  }
}

declare module 'rsocket-core' {
  import type { Single } from 'rsocket-flowable';
  export interface Payload {
    readonly data: Buffer | null;
    readonly metadata?: Buffer;
  }
  export interface ReactiveSocket {
    requestResponse(payload: Payload): Single<Payload>;
    close(): void;
  }
  export const BufferEncoders: object;
  export class RSocketClient {
    constructor(config: object);
    connect(): Single<ReactiveSocket>;
    close(): void;
  }
  export class RSocketServer {
    constructor(config: object);
    start(): void;
    stop(): void;
  }
}

declare module 'rsocket-tcp-client' {
  export default class RSocketTcpClient {
    constructor(options: { host: string; port: number }, encoders: object);
  }
}

declare module 'rsocket-tcp-server' {
  export default class RSocketTcpServer {
    constructor(options: { host: string; port: number }, encoders: object);
  }
}

declare module 'thrift' {
  import type { EventEmitter } from 'node:events';
  import type { Server, Socket } from 'node:net';
  namespace thrift {
    interface Transport {
      flush(): void;
    }
    interface Protocol {
      writeMessageBegin(name: string, type: number, id: number): void;
      writeMessageEnd(): void;
      writeStructBegin(name: string): void;
      writeStructEnd(): void;
      writeFieldBegin(name: string, type: number, id: number): void;
      writeFieldEnd(): void;
      writeFieldStop(): void;
      writeBinary(bytes: Buffer): void;
      readMessageBegin(): { fname: string; mtype: number; rseqid: number };
      readMessageEnd(): void;
      readStructBegin(): void;
      readStructEnd(): void;
      readFieldBegin(): { ftype: number; fid: number };
      readFieldEnd(): void;
      readBinary(): Buffer;
      skip(type: number): void;
      flush(): void;
    }
    type ProtocolClass = new (transport: Transport) => Protocol;
    interface Connection extends EventEmitter {
      readonly connection: Socket;
      end(): void;
    }
  }
  const thrift: {
    readonly Thrift: {
      readonly Type: { STOP: number; STRING: number };
      readonly MessageType: { CALL: number; REPLY: number; EXCEPTION: number };
    };
    readonly TFramedTransport: object;
    readonly TBinaryProtocol: object;
    createServer(processor: object, handler: object, options: object): Server;
    createConnection(host: string, port: number, options: object): thrift.Connection;
    createClient<C>(client: new (output: thrift.Transport, pClass: thrift.ProtocolClass) => C, connection: thrift.Connection): C;
  };
  export default thrift;
}
