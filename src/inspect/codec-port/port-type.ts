import { UsageError } from '../../protocol/error/transport-error.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import type { AnyCodec, Codec } from '../../protocol/codec/codec.ts';
import { fromForm, toForm } from '../../protocol/codec/json-form.ts';
import { NO_TASK, type TaskId, taskId } from '../../protocol/codec/task-id.ts';

/** One type of the port: its codec, and its values as JSON. */
export interface PortType {
  readonly codec: Codec<unknown, unknown>;
  readonly toForm: (value: unknown, version: VersionId) => unknown;
  /** @throws ERR_USAGE */
  readonly fromForm: (form: unknown, version: VersionId) => unknown;
}

/** A type whose form is what its codec's schema says. */
export function portType(codec: AnyCodec): PortType {
  return {
    codec: codec as Codec<unknown, unknown>,
    toForm: (value, version) => toForm(codec.schema, value, version),
    fromForm: (form, version) => fromForm(codec.schema, form, version),
  };
}

/** The whole body of a request. */
interface RequestBody {
  readonly parentTask: TaskId;
  readonly request: unknown;
}

/** A request as it stands in a frame: the parent task, which no action's codec has, then its own fields. */
export function requestType(codec: AnyCodec): PortType {
  const request = portType(codec);
  return {
    codec: requestBody(request.codec) as Codec<unknown, unknown>,
    toForm: (value, version) => {
      const body = value as RequestBody;
      return { parentTask: toForm(taskId.schema, body.parentTask), ...(request.toForm(body.request, version) as object) };
    },
    fromForm: (form, version) => {
      if (typeof form !== 'object' || form === null) throw new UsageError('ERR_USAGE', {}, 'expected an object');
      const { parentTask, ...fields } = form as { readonly parentTask?: unknown };
      return {
        parentTask: parentTask === undefined ? NO_TASK : fromForm(taskId.schema, parentTask),
        request: request.fromForm(fields, version),
      };
    },
  };
}

function requestBody(request: Codec<unknown, unknown>): Codec<RequestBody> {
  return {
    schema: request.schema,
    read: (input) => ({ parentTask: taskId.read(input), request: request.read(input) }),
    write: (output, body) => {
      taskId.write(output, body.parentTask);
      request.write(output, body.request);
    },
  };
}
