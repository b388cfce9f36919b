import type { NamedEntry } from '../codec/named-writeable.ts';
import type { RestObject, RestValue } from './rest-value.ts';

/** A query of any kind, seen from inside of another. */
export interface AnyQuery {
  readonly kind: string;
}

/** The REST forms of nested queries. */
export interface NestedForms {
  /** @throws StatusError as a node refuses it */
  readonly fromRest: (form: RestValue) => AnyQuery;
  readonly toRest: (query: AnyQuery) => RestObject;
}

/** One kind of query: its name, its layout, and its REST form in both directions. */
export interface QueryDefinition<Out extends AnyQuery, In extends AnyQuery> extends NamedEntry<AnyQuery, AnyQuery> {
  readonly name: Out['kind'];
  /**
   * Reads what stands under the query's name.
   *
   * @throws StatusError as a node refuses it
   */
  readonly fromRest: (body: RestObject, nested: NestedForms) => In;
  /** Returns what stands under the query's name. */
  readonly toRest: (query: Out, nested: NestedForms) => RestObject;
}

/** A definition of any query. */
export interface AnyQueryDefinition extends NamedEntry<AnyQuery, AnyQuery> {
  readonly fromRest: (body: RestObject, nested: NestedForms) => AnyQuery;
  readonly toRest: (query: never, nested: NestedForms) => RestObject;
}
