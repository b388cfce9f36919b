import { posix } from 'node:path';
import { specifiersOf, withoutComments } from './specifiers.ts';

/** Source files by path below `src`, such as `protocol/wire/text.ts`. */
export type Sources = Readonly<Record<string, string>>;

/** Who may import whom: a room sees the rooms of the rows above its own. Rooms of one row never see each other. */
const ROOMS = [
  ['gen'],
  ['protocol'],
  ['transport'],
  ['inspect'],
  ['extension', 'devnode', 'realnode', 'official', 'gateway', 'mesh'],
  ['testing'],
  ['conformance'],
  ['cli'],
];

/** The same inside the big rooms. */
const SUB_ROOMS: Readonly<Record<string, string[][]>> = {
  protocol: [['error'], ['wire'], ['codec'], ['frame', 'query'], ['action'], ['rest']],
  transport: [['util'], ['carrier'], ['call'], ['channel'], ['client', 'server'], ['policy']],
  inspect: [['capture', 'dissect', 'codec-port'], ['conversation'], ['render', 'tap']],
  extension: [['rest'], ['node'], ['actions', 'settings', 'sockets', 'tokens', 'initialize'], ['supervisor']],
  devnode: [['rest', 'settings'], ['endpoints', 'extensions'], ['store'], ['search']],
};

/** Rooms that have files of their own beside their subfolders: these and the subfolders may see each other. */
const WITH_OWN_FILES = ['extension', 'devnode'];

/** Narrower than the order of rows: all that these may see of their own big room, besides themselves. */
const ONLY: Readonly<Record<string, string[]>> = { 'protocol/frame': ['protocol/error', 'protocol/wire'] };

/** Packages a room may import. A room that is not listed may import none. */
const PACKAGES: Readonly<Record<string, string[]>> = {
  gen: ['@bufbuild/protobuf'],
  protocol: ['@bufbuild/protobuf', 'cborg', 'yaml'],
  extension: ['@bufbuild/protobuf', '@opensearch-project/opensearch', 'cborg', 'yaml'],
  devnode: ['cborg'],
  official: ['@opensearch-project/opensearch'],
  testing: ['fast-check', 'vitest'],
  cli: ['commander', 'esbuild', 'protobufjs'],
};

/** Node modules of rooms that may not take what they like. */
const NODE_MODULES: Readonly<Record<string, string[]>> = { gen: [], protocol: ['node:zlib', 'node:buffer'], inspect: ['node:zlib'] };

/** The only places of a room that may see another room. */
const GATES: Readonly<Record<string, Readonly<Record<string, string>>>> = { inspect: { transport: 'inspect/tap' } };

/** Places whose code depends on what it is given alone, and those among them that do not. */
const PURE = ['protocol', 'inspect'];
const IMPURE_PLACES = ['inspect/tap'];

/** Modules that open sockets, and the places that may. */
const SOCKET_MODULES = ['node:net', 'node:tls', 'node:dgram'];
const SOCKET_PLACES = ['transport/carrier', 'conformance/wire', 'realnode'];

/** The only places that lay out bytes by hand. */
const DATA_VIEW_PLACES = ['protocol/wire', 'protocol/frame'];

/** What would make pure code depend on more than what it is given. */
const IMPURE = /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask|Date\.now|performance\.now|Math\.random|process\.\w+)\b/;

/** Every edge and every word that breaks a rule, one line each. Empty when the house is in order. */
export function offences(sources: Sources): string[] {
  return Object.entries(sources).flatMap(([file, source]) => [
    ...specifiersOf(source).flatMap(({ name }) => complaint(file, name, sources)),
    ...wordOffences(file, withoutComments(source)),
  ]);
}

/**
 * Circles of imports, each as the files in it, in order of names. Type imports count: who reads one file of a circle has to read all.
 *
 * @see Tarjan, Depth-first search and linear graph algorithms, 1972
 */
export function importCircles(sources: Sources): string[][] {
  const targets = (file: string): string[] =>
    specifiersOf(sources[file] ?? '')
      .filter(({ name }) => name.startsWith('.'))
      .map(({ name }) => posix.join(posix.dirname(file), name))
      .filter((target) => target in sources);
  const found: string[][] = [];
  const order = new Map<string, number>();
  const open: string[] = [];
  const visit = (file: string): number => {
    const own = order.size;
    order.set(file, own);
    let low = own;
    open.push(file);
    for (const target of targets(file)) {
      if (!order.has(target)) low = Math.min(low, visit(target));
      else if (open.includes(target)) low = Math.min(low, order.get(target) ?? own);
    }
    if (low === own) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1 || targets(file).includes(file)) found.push(circle.sort());
    }
    return low;
  };
  for (const file of Object.keys(sources)) if (!order.has(file)) visit(file);
  return found;
}

function complaint(file: string, specifier: string, sources: Sources): string[] {
  const reason = specifier.startsWith('.') ? relativeOffence(file, specifier, sources) : outsideOffence(file, specifier);
  return reason === undefined ? [] : [`${file} imports ${specifier}: ${reason}`];
}

function relativeOffence(file: string, specifier: string, sources: Sources): string | undefined {
  const target = posix.join(posix.dirname(file), specifier);
  if (!(target in sources)) return 'no such file in src';
  if (posix.basename(target) === 'index.ts') return 'no source file imports an index.ts';
  return edgeOffence(file, target);
}

function edgeOffence(file: string, target: string): string | undefined {
  const [from, to] = [placeOf(file), placeOf(target)];
  if (to === undefined) return `${target} is a door, and nobody inside uses doors`;
  if (from?.path === to.path) return undefined;
  if (to.room === 'cli') return 'nobody imports cli';
  if (from === undefined) return undefined;
  if (from.room !== to.room) return roomOffence(from, to);
  if (from.sub === undefined || !SUB_ROOMS[from.room]) return undefined;
  return subRoomOffence(from.path, to.path);
}

function roomOffence(from: Place, to: Place): string | undefined {
  if (!above(ROOMS, from.room, to.room)) return `${to.room} is not below ${from.room}`;
  const gate = from.sub === undefined ? undefined : GATES[from.room]?.[to.room];
  return gate === undefined || gate === from.path ? undefined : `of ${from.room}, only ${gate} sees ${to.room}`;
}

function subRoomOffence(from: string, to: string): string | undefined {
  const [room = '', fromSub = ''] = from.split('/');
  const [, toSub = ''] = to.split('/');
  if (toSub === '' && WITH_OWN_FILES.includes(room)) return undefined;
  const only = ONLY[from];
  if (only && !only.includes(to)) return `${from} imports only ${only.join(' and ')}`;
  return above(SUB_ROOMS[room] ?? [], fromSub, toSub) ? undefined : `${to} is not below ${from}`;
}

function outsideOffence(file: string, specifier: string): string | undefined {
  const place = placeOf(file);
  if (!specifier.startsWith('node:')) return packageOffence(place?.room ?? 'a door', specifier);
  const allowed = place && NODE_MODULES[place.room];
  if (allowed && !allowed.includes(specifier)) return `not among the node modules of ${place.room}`;
  if (SOCKET_MODULES.includes(specifier) && !isIn(file, SOCKET_PLACES)) return `only ${SOCKET_PLACES.join(', ')} open sockets`;
  return undefined;
}

function packageOffence(room: string, specifier: string): string | undefined {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  return PACKAGES[room]?.includes(name) ? undefined : `not among the packages of ${room}`;
}

function wordOffences(file: string, code: string): string[] {
  const found: string[] = [];
  if (isMisplaced(file)) found.push(`${file} is in no room`);
  if (/\bDataView\b/.test(code) && !isIn(file, DATA_VIEW_PLACES))
    found.push(`${file} uses DataView: only ${DATA_VIEW_PLACES.join(' and ')} do`);
  const impure = isIn(file, PURE) && !isIn(file, IMPURE_PLACES) ? IMPURE.exec(code)?.[0] : undefined;
  if (impure) found.push(`${file} uses ${impure}: ${placeOf(file)?.room} is pure`);
  return found;
}

interface Place {
  readonly room: string;
  /** Undefined in rooms without sub-rooms and for a room's own door. */
  readonly sub: string | undefined;
  readonly path: string;
}

/** The room of a file; undefined for the doors that stand in `src` itself. */
function placeOf(file: string): Place | undefined {
  const [room = '', ...rest] = file.split('/');
  if (rest.length === 0) return undefined;
  const sub = SUB_ROOMS[room] && rest.length > 1 ? rest[0] : undefined;
  return { room, sub, path: sub === undefined ? room : `${room}/${sub}` };
}

function isMisplaced(file: string): boolean {
  const place = placeOf(file);
  if (place === undefined) return false;
  if (!ROOMS.flat().includes(place.room)) return true;
  const subRooms = SUB_ROOMS[place.room];
  if (!subRooms) return false;
  if (place.sub === undefined && WITH_OWN_FILES.includes(place.room)) return false;
  return place.sub === undefined ? posix.basename(file) !== 'index.ts' : !subRooms.flat().includes(place.sub);
}

function above(rows: string[][], upper: string, lower: string): boolean {
  const rowOf = (name: string): number => rows.findIndex((row) => row.includes(name));
  return rowOf(lower) !== -1 && rowOf(lower) < rowOf(upper);
}

function isIn(file: string, places: string[]): boolean {
  return places.some((place) => file.startsWith(`${place}/`));
}
