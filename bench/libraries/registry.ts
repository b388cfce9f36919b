import type { Library } from '../corpus/codec.ts';

/** Every codec under test by name; each runs in its own process. */
const LIBRARIES: Readonly<Record<string, () => Promise<Library>>> = {
  'opensearch-transport': async () => (await import('./opensearch-transport.ts')).opensearchTransport,
  protobufjs: async () => (await import('./protobufjs.ts')).protobufJs,
  'protobuf-es': async () => (await import('./protobuf-es.ts')).protobufEs,
  msgpackr: async () => (await import('./msgpackr.ts')).msgpackr,
  json: async () => (await import('./json.ts')).json,
};

/** Names of all codecs, the control first. */
export const libraryNames: readonly string[] = Object.keys(LIBRARIES);

/** Loads a codec. @throws Error for an unknown name */
export function findLibrary(name: string): Promise<Library> {
  const load = LIBRARIES[name];
  if (load === undefined) throw new Error(`unknown codec ${name}. Known: ${libraryNames.join(', ')}`);
  return load();
}
