/**
 * Returns the error that a function makes, without a stack. For errors that are only sent or passed on: the place where this process made them says
 * nothing, and capturing it takes ten times as long as the rest of the error.
 */
export function withoutStack<E extends Error>(make: () => E): E {
  const { stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = 0;
  } catch {
    // The program runs with frozen intrinsics.
    return make();
  }
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
