import thrift from 'thrift';

/** What a thrift compiler makes of `service Echo { binary echo(1: binary body) }`, by hand: arguments and result have one field each. */

type Done = (error: unknown, body: Buffer) => void;

const { Type, MessageType } = thrift.Thrift;
/** Field ids: the argument's, and that of a call's result. */
const ARGUMENT = 1;
const SUCCESS = 0;

export class EchoClient {
  readonly output: thrift.Transport;
  readonly pClass: thrift.ProtocolClass;
  readonly _reqs: Record<number, Done> = {};
  _seqid = 0;

  constructor(output: thrift.Transport, pClass: thrift.ProtocolClass) {
    this.output = output;
    this.pClass = pClass;
  }

  seqid(): number {
    return this._seqid;
  }

  new_seqid(): number {
    return ++this._seqid;
  }

  echo(body: Buffer): Promise<Buffer> {
    const id = this.new_seqid();
    return new Promise((resolve, reject) => {
      this._reqs[id] = (error, answer) => (error === null ? resolve(answer) : reject(error));
      const output = new this.pClass(this.output);
      writeMessage(output, MessageType.CALL, id, ARGUMENT, body);
      this.output.flush();
    });
  }

  recv_echo(input: thrift.Protocol, type: number, id: number): void {
    const done = this._reqs[id];
    delete this._reqs[id];
    if (type === MessageType.EXCEPTION) done?.(new Error('the thrift server threw'), Buffer.alloc(0));
    else done?.(null, readStruct(input, SUCCESS));
  }
}

export class EchoProcessor {
  readonly #handler: { echo: (body: Buffer) => Buffer };

  constructor(handler: { echo: (body: Buffer) => Buffer }) {
    this.#handler = handler;
  }

  process(input: thrift.Protocol, output: thrift.Protocol): void {
    const { rseqid } = input.readMessageBegin();
    const body = readStruct(input, ARGUMENT);
    writeMessage(output, MessageType.REPLY, rseqid, SUCCESS, this.#handler.echo(body));
    output.flush();
  }
}

function writeMessage(output: thrift.Protocol, type: number, id: number, field: number, body: Buffer): void {
  output.writeMessageBegin('echo', type, id);
  output.writeStructBegin('Echo');
  output.writeFieldBegin('body', Type.STRING, field);
  output.writeBinary(body);
  output.writeFieldEnd();
  output.writeFieldStop();
  output.writeStructEnd();
  output.writeMessageEnd();
}

/** The one field of a message's struct, to the end of the message. */
function readStruct(input: thrift.Protocol, field: number): Buffer {
  let body: Buffer | null = null;
  input.readStructBegin();
  for (;;) {
    const { ftype, fid } = input.readFieldBegin();
    if (ftype === Type.STOP) break;
    if (fid === field && ftype === Type.STRING) body = input.readBinary();
    else input.skip(ftype);
    input.readFieldEnd();
  }
  input.readStructEnd();
  input.readMessageEnd();
  if (body === null) throw new Error('a thrift message without its field');
  return body;
}
