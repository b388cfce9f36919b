/** True when two types are the same to the compiler, optional marks and readonly ones included. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles when its type argument is true. */
export function holds<_T extends true>(): void {}
