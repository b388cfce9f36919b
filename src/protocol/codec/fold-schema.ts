import type {
  BytesSchema,
  CaseSchema,
  CustomSchema,
  EnumSchema,
  EnumSetSchema,
  FieldSchema,
  GateSchema,
  LazySchema,
  ListSchema,
  MapOfListsSchema,
  MapSchema,
  OptionalSchema,
  ScalarSchema,
  Schema,
  StructSchema,
  UnionSchema,
} from './schema.ts';

/** A field with the result of its schema. */
export interface FoldedField<R> extends FieldSchema {
  readonly result: R;
}

/** A case of a union with the result of its schema. */
export interface FoldedCase<R> extends CaseSchema {
  readonly result: R;
}

/**
 * One function for each kind of schema: makes a result from the results of the schemas inside. The compiler names every algebra that misses a kind.
 *
 * A result that depends on more than the schema (a value, a version, a depth) is a function of it.
 */
export interface SchemaAlgebra<R> {
  readonly scalar: (schema: ScalarSchema) => R;
  readonly bytes: (schema: BytesSchema) => R;
  readonly enum: (schema: EnumSchema) => R;
  readonly enumSet: (schema: EnumSetSchema) => R;
  readonly list: (of: R, schema: ListSchema) => R;
  readonly map: (of: R, schema: MapSchema) => R;
  readonly mapOfLists: (of: R, schema: MapOfListsSchema) => R;
  readonly optional: (of: R, schema: OptionalSchema) => R;
  readonly struct: (fields: readonly FoldedField<R>[], schema: StructSchema) => R;
  readonly gate: (of: R, older: R | undefined, schema: GateSchema) => R;
  /** `of` resolves the schema and folds it: call it when the result is used, not before. */
  readonly lazy: (of: () => R, schema: LazySchema) => R;
  readonly union: (cases: readonly FoldedCase<R>[], schema: UnionSchema) => R;
  readonly custom: (schema: CustomSchema) => R;
}

/**
 * Returns the fold of schemas with one algebra. The result of each schema is made once and kept as long as the schema.
 *
 * @example const textOf = schemaFold({ scalar: ({ kind }) => kind, … }); textOf(codec.schema)
 */
export function schemaFold<R>(algebra: SchemaAlgebra<R>): (schema: Schema) => R {
  const results = new WeakMap<Schema, { readonly result: R }>();
  const fold = (schema: Schema): R => {
    const known = results.get(schema);
    if (known !== undefined) return known.result;
    const result = foldOnce(schema, algebra, fold);
    results.set(schema, { result });
    return result;
  };
  return fold;
}

/** The only switch over the kinds of schemas. */
function foldOnce<R>(schema: Schema, algebra: SchemaAlgebra<R>, fold: (schema: Schema) => R): R {
  switch (schema.kind) {
    case 'bytes':
      return algebra.bytes(schema);
    case 'enum':
      return algebra.enum(schema);
    case 'enumSet':
      return algebra.enumSet(schema);
    case 'list':
      return algebra.list(fold(schema.of), schema);
    case 'map':
      return algebra.map(fold(schema.of), schema);
    case 'mapOfLists':
      return algebra.mapOfLists(fold(schema.of), schema);
    case 'optional':
      return algebra.optional(fold(schema.of), schema);
    case 'struct':
      return algebra.struct(
        schema.fields.map((field) => ({ ...field, result: fold(field.schema) })),
        schema,
      );
    case 'gate':
      return algebra.gate(fold(schema.of), schema.older === undefined ? undefined : fold(schema.older), schema);
    case 'lazy':
      return algebra.lazy(() => fold(schema.of()), schema);
    case 'union':
      return algebra.union(
        schema.cases.map((each) => ({ ...each, result: fold(each.schema) })),
        schema,
      );
    case 'custom':
      return algebra.custom(schema);
    default:
      return algebra.scalar(schema);
  }
}
