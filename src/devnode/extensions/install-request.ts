import type { ExtensionDependency } from '../../protocol/action/extension/both-ways.ts';
import { isObject } from '../../protocol/rest/body.ts';
import type { RemoteError } from '../../protocol/error/remote-error.ts';
import { type VersionId, versionText } from '../../protocol/wire/version.ts';
import { parseJavaVersion } from './java-version.ts';
import { illegalArgument, namedError } from './node-errors.ts';

/** Members that the body of `POST /_extensions/initialize` must have, with the names that a node gives them where they are empty. */
const MEMBERS = {
  name: 'extension name',
  uniqueId: 'extension uniqueId',
  hostAddress: 'extension host address',
  port: 'extension port',
  version: 'extension version',
  opensearchVersion: 'opensearch version',
  minimumCompatibleVersion: 'minimum opensearch version',
} as const;

type Member = keyof typeof MEMBERS;

/** Greatest number of an int of Java. */
const MAX_INT = 2 ** 31 - 1;
const MAX_PORT = 65_535;

/** Longest unique id and name that are taken, in characters: both are in many messages. */
const MAX_NAME_CHARS = 1024;

/** Upper bound on the dependencies of one extension. */
const MAX_DEPENDENCIES = 1000;

/** A refusal that a node answers as text, with status 500. */
export class InstallRefusal extends Error {}

/** What the body of `POST /_extensions/initialize` says, as text. */
export type InstallMembers = Readonly<Record<Member, string>> & { readonly dependencies: readonly ExtensionDependency[] };

/**
 * Returns the members of a body.
 *
 * @param own release of the node
 * @throws InstallRefusal answered as text, RemoteError answered as JSON; both in the words of a node
 */
export function installMembers(body: Readonly<Record<string, unknown>>, own: VersionId): InstallMembers {
  const missing = Object.keys(MEMBERS).filter((name) => !Object.hasOwn(body, name));
  if (missing.length > 0) throw new InstallRefusal(`Extension is missing these required fields : [${missing.join(', ')}]`);
  const dependencies = dependenciesOf(body['dependencies'], own);
  const texts = Object.keys(MEMBERS).map((name) => [name, javaText(body[name])]);
  return { ...(Object.fromEntries(texts) as Record<Member, string>), dependencies };
}

/** @throws InstallRefusal if a member is empty, or longer than a node of this package takes */
export function checkInstallMembers(members: InstallMembers): void {
  for (const [name, title] of Object.entries(MEMBERS)) {
    const text = members[name as Member];
    if (text === '') throw new InstallRefusal(`Required field [${title}] is missing in the request`);
    if (text.length > MAX_NAME_CHARS)
      throw new InstallRefusal(`${name} must have at most ${MAX_NAME_CHARS} characters, got ${text.length}; shorten it`);
  }
}

/** Returns how a node describes an extension in its refusals. */
export function describeExtension(members: InstallMembers): string {
  const shown = Object.keys(MEMBERS).map((name) => `${name}=${members[name as Member]}`);
  return `Extension [${shown.join(', ')}]`;
}

/** @throws InstallRefusal for text that is not a port */
export function portOf(text: string): number {
  const port = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(Math.abs(port) <= MAX_INT)) throw new InstallRefusal(`For input string: "${text}"`);
  if (port < 0 || port > MAX_PORT) throw new InstallRefusal(`port out of range:${port}`);
  return port;
}

/** The versions that an extension names. */
export interface InstallVersions {
  readonly opensearch: VersionId;
  readonly minimumCompatible: VersionId;
}

/** @param own release of the node. @throws InstallRefusal for text that is not a version, and for a minimum that is newer than the node */
export function versionsOf({ opensearchVersion, minimumCompatibleVersion }: InstallMembers, own: VersionId): InstallVersions {
  const [opensearch, minimumCompatible] = [versionOf(opensearchVersion, own), versionOf(minimumCompatibleVersion, own)];
  if (minimumCompatible > own) {
    const text = `Extension minimumCompatibleVersion: ${versionText(minimumCompatible)} is greater than current OpenSearch version: ${versionText(own)}`;
    throw new InstallRefusal(text);
  }
  return { opensearch, minimumCompatible };
}

function versionOf(text: string, own: VersionId): VersionId {
  try {
    return parseJavaVersion(text, own);
  } catch (error) {
    throw new InstallRefusal((error as Error).message);
  }
}

function dependenciesOf(value: unknown, own: VersionId): readonly ExtensionDependency[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw wrongClass(value, 'java.util.Collection');
  if (value.length > MAX_DEPENDENCIES)
    throw new InstallRefusal(`dependencies must have at most ${MAX_DEPENDENCIES} entries, got ${value.length}`);
  return value.map((each) => dependencyOf(each, own));
}

function dependencyOf(value: unknown, own: VersionId): ExtensionDependency {
  if (!isObject(value)) throw wrongClass(value, 'java.util.HashMap');
  const { uniqueId, version } = value;
  if (uniqueId !== undefined && uniqueId !== null && typeof uniqueId !== 'string') throw wrongClass(uniqueId, 'java.lang.String');
  const missing = (name: string) => new InstallRefusal(`Required field [${name}] is missing in the request for the dependent extension`);
  if (uniqueId === undefined || uniqueId === null || uniqueId === '') throw missing('uniqueId');
  if (version === undefined || version === null) throw missing('version');
  try {
    return { uniqueId, version: parseJavaVersion(javaText(version), own) };
  } catch (error) {
    throw illegalArgument((error as Error).message);
  }
}

/** Returns the text that Java makes of a value of JSON. @throws RemoteError for null */
function javaText(value: unknown): string {
  if (value === null || value === undefined) {
    throw namedError(
      'null_pointer_exception',
      'Cannot invoke "Object.toString()" because the return value of "java.util.Map.get(Object)" is null',
    );
  }
  if (Array.isArray(value)) return `[${value.map((each) => (each === null ? 'null' : javaText(each))).join(', ')}]`;
  if (isObject(value)) {
    return `{${Object.entries(value)
      .map(([name, each]) => `${name}=${each === null ? 'null' : javaText(each)}`)
      .join(', ')}}`;
  }
  return String(value as string | number | boolean);
}

function wrongClass(value: unknown, wanted: string): RemoteError {
  const name = javaClass(value);
  const text = `class ${name} cannot be cast to class ${wanted} (${name} and ${wanted} are in module java.base of loader 'bootstrap')`;
  return namedError('class_cast_exception', text);
}

function javaClass(value: unknown): string {
  if (typeof value === 'string') return 'java.lang.String';
  if (typeof value === 'boolean') return 'java.lang.Boolean';
  if (typeof value === 'number')
    return Number.isInteger(value) ? (Math.abs(value) <= MAX_INT ? 'java.lang.Integer' : 'java.lang.Long') : 'java.lang.Double';
  return Array.isArray(value) ? 'java.util.ArrayList' : 'java.util.HashMap';
}
