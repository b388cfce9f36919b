import type { AnyCodec, Codec, InOf, OutOf } from './codec.ts';

/**
 * The sparse form of a complete value: what is passed to be written where `T` is what is read. The fields keep their doc comments; a list may be
 * read-only.
 *
 * @typeParam Required names of the fields that must be given; the others have a default
 * @typeParam Other types of the fields that are given in another form than they are read
 */
export type InitOf<T, Required extends keyof T = never, Other = unknown> = {
  readonly [P in Required]: P extends keyof Other ? Other[P] : T[P] extends infer V ? (V extends (infer E)[] ? readonly E[] : V) : never;
} & {
  readonly [P in keyof Pick<T, Exclude<keyof T, Required>>]?:
    | (P extends keyof Other ? Other[P] : T[P] extends infer V ? (V extends (infer E)[] ? readonly E[] : V) : never)
    | undefined;
};

type IsOptional<T, K extends keyof T> = object extends Pick<T, K> ? true : false;

type SameField<A, B, K extends keyof A & keyof B> = [A[K], IsOptional<A, K>] extends [B[K], IsOptional<B, K>]
  ? [B[K], IsOptional<B, K>] extends [A[K], IsOptional<A, K>]
    ? true
    : false
  : false;

/** Names of the fields that are in one of the types only, or that have another type in it. */
type Differing<A, B> = {
  [K in keyof A | keyof B]-?: K extends keyof A & keyof B ? (SameField<A, B, K> extends true ? never : K) : K;
}[keyof A | keyof B];

type Agreement<C extends AnyCodec, Out, In> = [Differing<OutOf<C>, Out> | Differing<InOf<C>, In>] extends [never]
  ? unknown
  : { readonly 'fields that differ from the interface': Differing<OutOf<C>, Out> | Differing<InOf<C>, In> };

/**
 * Gives a struct codec the types by name, so that hovers, declarations and compiler errors show `ClusterHealthRequest` and not its structure. The
 * call does not compile unless the interfaces and the codec have the same fields of the same types, in both directions. At run time it returns
 * the codec.
 *
 * @example const request = typed<IndexRequest, IndexRequestInit>()(struct({ … }))
 */
export function typed<Out, In>(): <C extends AnyCodec>(codec: C & Agreement<C, Out, In>) => Codec<Out, In> {
  return (codec) => codec as unknown as Codec<Out, In>;
}
