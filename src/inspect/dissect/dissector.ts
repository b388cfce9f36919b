import { catalogue } from '../../protocol/action/catalogue.ts';
import type { AnyAction } from '../../protocol/action/define-action.ts';
import { tcpHandshake } from '../../protocol/action/internal/tcp-handshake.ts';
import type { AnyCodec, Codec } from '../../protocol/codec/codec.ts';
import { exception } from '../../protocol/codec/exception/exception.ts';
import { fieldsOf } from '../../protocol/codec/schema-access.ts';
import { taskId } from '../../protocol/codec/task-id.ts';
import { traced } from '../../protocol/codec/traced.ts';
import { FIXED_HEADER_BYTES } from '../../protocol/frame/native/fixed-header.ts';
import { HeaderCache } from '../../protocol/frame/native/header-cache.ts';
import type { VariableHeader } from '../../protocol/frame/native/variable-header.ts';
import type { BodyLayout } from './dissected-body.ts';
import { DissectedMessage } from './dissected-message.ts';
import { type FixedHeader, readFixedHeader, type RequestId } from './fixed-header.ts';
import { DissectedVariableHeader } from './variable-header.ts';

/** How frames are decoded. */
export interface DissectOptions {
  /** Actions by their names on the wire. @default the catalogue */
  readonly actions?: ReadonlyMap<string, AnyAction>;
  /** Name of the action of responses whose request was not seen. @default null */
  readonly assumedAction?: string | null;
}

/** Returns the action of the request with this id; null when it was not seen. Asked once for each response. */
export type AnsweredAction = (requestId: RequestId) => string | null;

const CATALOGUE: ReadonlyMap<string, AnyAction> = new Map(catalogue.map((action) => [action.name, action]));

/** Layout of the bodies of an action. */
interface ActionLayout {
  readonly request: BodyLayout;
  readonly response: BodyLayout;
}

const EXCEPTION: BodyLayout = { codec: exception, isComplete: true, isException: true };
const UNKNOWN_RESPONSE: BodyLayout = { codec: null, isComplete: false, isException: false };
const UNKNOWN_ACTION: ActionLayout = { request: requestLayout(undefined), response: UNKNOWN_RESPONSE };

/** Turns frames into dissected messages. Remembers variable headers and layouts between them. */
export class Dissector {
  /** Variable headers by their bytes; for the splitters that feed this dissector. */
  readonly headers: HeaderCache;
  readonly #actions: ReadonlyMap<string, AnyAction>;
  readonly #assumedAction: string | null;
  readonly #layouts: Map<string, ActionLayout>;

  constructor({ actions = CATALOGUE, assumedAction = null }: DissectOptions = {}) {
    this.headers = new HeaderCache();
    this.#actions = actions;
    this.#assumedAction = assumedAction;
    this.#layouts = new Map();
  }

  /**
   * Decodes a frame, whole or cut off, as far as possible. What is expensive is decoded when it is first asked for.
   *
   * @param frame from the marker on. @memory kept
   * @param answered asked for responses. @default the assumed action
   * @param variable the variable header, where a decoder has read it already
   */
  dissect(frame: Buffer, answered: AnsweredAction = NOT_SEEN, variable: VariableHeader | null = null): DissectedMessage {
    if (frame.length < FIXED_HEADER_BYTES) return new DissectedMessage(frame, null, null, null, UNKNOWN_RESPONSE);
    const header = readFixedHeader(frame);
    const details = this.#variableHeader(frame, header, variable);
    if (details.value === null || details.problem !== null) return new DissectedMessage(frame, header, details, null, UNKNOWN_RESPONSE);
    const action = header.request ? (details.value.action ?? null) : this.#answeredBy(header, answered);
    return new DissectedMessage(frame, header, details, action, this.#layoutOf(header, action));
  }

  /** Frames that repeat a header share its details. */
  #variableHeader(frame: Buffer, header: FixedHeader, variable: VariableHeader | null): DissectedVariableHeader {
    if (variable?.slot instanceof DissectedVariableHeader) return variable.slot;
    const details = new DissectedVariableHeader(frame, header);
    if (variable !== null) variable.slot = details;
    return details;
  }

  /** A handshake response says itself what it answers. */
  #answeredBy({ handshake, requestId }: FixedHeader, answered: AnsweredAction): string | null {
    return answered(requestId) ?? this.#assumedAction ?? (handshake ? tcpHandshake.name : null);
  }

  #layoutOf({ error, request }: FixedHeader, name: string | null): BodyLayout {
    if (error) return EXCEPTION;
    const layout = name === null ? UNKNOWN_ACTION : this.#actionLayout(name);
    return request ? layout.request : layout.response;
  }

  #actionLayout(name: string): ActionLayout {
    const known = this.#layouts.get(name);
    if (known !== undefined) return known;
    const action = this.#actions.get(name);
    if (action === undefined) return UNKNOWN_ACTION;
    const layout = {
      request: requestLayout(action.request),
      response: { codec: action.response, isComplete: true, isException: false },
    };
    this.#layouts.set(name, layout);
    return layout;
  }
}

const NOT_SEEN: AnsweredAction = () => null;

/** The parent task stands before the fields of every request, whether its action is known or not. */
function requestLayout(request: AnyCodec | undefined): BodyLayout {
  const parentTask = { name: 'parentTask', schema: taskId.schema, canOmit: false };
  const codec: AnyCodec = {
    schema: { kind: 'struct', fields: [parentTask, ...fieldsOf(request?.schema)] },
    read: (input) => {
      const parent = traced(input, 'parentTask', taskId as Codec<unknown, never>);
      return { parentTask: parent, ...(request === undefined ? {} : (request.read(input) as object)) };
    },
    write: () => {},
  };
  return { codec, isComplete: request !== undefined, isException: false };
}
