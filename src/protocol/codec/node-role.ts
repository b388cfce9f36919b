import { UsageError } from '../error/transport-error.ts';
import { COST } from '../wire/allowance.ts';
import type { StreamInput } from '../wire/stream-input.ts';
import type { StreamOutput } from '../wire/stream-output.ts';
import { V_2_0_0 } from '../wire/version.ts';
import type { Codec } from './codec.ts';
import { readList, writeList } from './combinators.ts';

/** What a node does in its cluster. Unknown roles pass as they are: OpenSearch takes them as dynamic roles. */
export interface NodeRole {
  readonly name: string;
  readonly abbreviation: string;
  readonly canContainData: boolean;
}

/** A role by name, or in full. What is left out is that of the built-in role; an unknown role is its own abbreviation and holds no data. */
export type NodeRoleInit = string | { readonly name: string; readonly abbreviation?: string; readonly canContainData?: boolean };

const role = (name: string, abbreviation: string, canContainData: boolean): NodeRole =>
  Object.freeze({ name, abbreviation, canContainData });

/** Name of cluster-manager nodes before 2.0.0. */
const MASTER = role('master', 'm', false);

/** The roles OpenSearch has by itself. @see wire-format.md §7.1 */
const BUILT_IN_ROLES: readonly NodeRole[] = Object.freeze([
  role('cluster_manager', 'm', false),
  role('data', 'd', true),
  role('ingest', 'i', false),
  role('remote_cluster_client', 'r', false),
  role('search', 's', true),
  role('warm', 'w', true),
  MASTER,
]);

/** Returns a role with all of its members. @throws ERR_USAGE if the name is missing */
export function toNodeRole(init: NodeRoleInit): NodeRole {
  const given = typeof init === 'string' ? { name: init } : init;
  if (typeof given?.name !== 'string')
    throw new UsageError('ERR_USAGE', {}, 'expected a role: its name, or { name, abbreviation, canContainData }');
  const known = BUILT_IN_ROLES.find(({ name }) => name === given.name) ?? role(given.name, given.name, false);
  return { ...known, ...given };
}

const byName = (a: NodeRole, b: NodeRole): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

const ROLE_COST = COST.object + 3 * COST.field;

const oneRole = {
  schema: { kind: 'custom' as const, name: 'nodeRole' },
  read: (input: StreamInput): NodeRole => {
    input.spend(ROLE_COST);
    return { name: input.readString(), abbreviation: input.readString(), canContainData: input.readBoolean() };
  },
  write: (output: StreamOutput, value: NodeRole): void => {
    const { name, abbreviation, canContainData } = output.version < V_2_0_0 && value.name === 'cluster_manager' ? MASTER : value;
    output.writeString(name);
    output.writeString(abbreviation);
    output.writeBoolean(canContainData);
  },
};

const LEAST_ROLE_BYTES = 3;

/**
 * `list` of { `str` name, `str` abbreviation, `bool` can contain data }, a set in ascending order of name. Streams below 2.0.0 carry
 * `cluster_manager` as `master`, in the place of its own name.
 *
 * @see wire-format.md §7.1
 */
export const nodeRoles: Codec<NodeRole[], readonly NodeRoleInit[]> = {
  schema: { kind: 'custom', name: 'nodeRoles' },
  read: (input) => readList(input, oneRole, input.readCount(LEAST_ROLE_BYTES)).sort(byName),
  write: (output, roles) => {
    if (!Array.isArray(roles)) throw new UsageError('ERR_USAGE', {}, 'expected an array of roles');
    const sorted = roles.map(toNodeRole).sort(byName);
    output.writeVInt(sorted.length);
    writeList(output, oneRole, sorted);
  },
};
