/** Names of the parameters in a path pattern: `'/a/{x}/{y}'` has `'x' | 'y'`. */
export type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamNames<Rest> : never;

/** What a handler of a path gets as parameters: `PathParams<'/hello/{name}'>` is `{ readonly name: string }`. */
export type PathParams<Path extends string> = string extends Path
  ? Readonly<Record<string, string>>
  : { readonly [Name in ParamNames<Path>]: string };
