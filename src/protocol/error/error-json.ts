/** Levels of causes that are shown. An error can contain itself, or a peer's long chain. */
const MAX_LEVELS = 10;

/** Errors of one aggregate that are shown. */
const MAX_ERRORS = 10;

/** Levels of arrays and objects within a member of an error that are shown. */
const MAX_DEPTH = 3;

/**
 * Returns an error as JSON-ready data, for logs: its name and message, its enumerable members, its causes. Without stacks.
 *
 * @param level how many errors it is the cause of
 */
export function errorJson(error: Error, level = 0): Record<string, unknown> {
  const json: Record<string, unknown> = { name: error.name, message: error.message };
  for (const [name, value] of Object.entries(error)) if (name !== 'cause' && name !== 'stack') json[name] = shown(value);
  if (level === MAX_LEVELS) return json;
  const { cause } = error;
  if (cause !== undefined) json['cause'] = shown(cause, level + 1);
  if (error instanceof AggregateError) {
    json['errors'] = error.errors.slice(0, MAX_ERRORS).map((one: unknown) => shown(one, level + 1));
  }
  return json;
}

/** Shows a member, or with a `level` a cause. A getter may throw, and a revoked Proxy does whatever it is asked. */
function shown(value: unknown, level?: number): unknown {
  try {
    return level !== undefined && value instanceof Error ? errorJson(value, level) : plainData(value, 0);
  } catch {
    return 'a value that cannot be shown';
  }
}

/** Copies primitives, arrays and plain objects, which ends even if they contain themselves; anything else is left out. */
function plainData(value: unknown, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || depth === MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return value.map((entry: unknown) => plainData(entry, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainData(member, depth + 1)]));
}
