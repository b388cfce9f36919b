import type { AnyAction } from '../../protocol/action/define-action.ts';
import type { AnyCodec } from '../../protocol/codec/codec.ts';
import { discoveryNodes, discoveryNodesWithAttributes } from '../../protocol/codec/discovery-node.ts';
import { type PortType, portType, requestType } from './port-type.ts';
import { valueTypes } from './value-types.ts';

/** What a port serves. */
export interface Registry {
  /** Every type but `frame`, by name. */
  readonly types: ReadonlyMap<string, PortType>;
  /** Names of the actions whose requests and responses are among the types. */
  readonly actions: readonly string[];
}

/** What a port serves besides the values of the stream. */
export interface RegistrySources {
  readonly actions?: readonly AnyAction[];
  /** Messages between a node and an extension, by name; requests with their parent task. */
  readonly messages?: Readonly<Record<string, AnyCodec>>;
  /** More codecs, by name. */
  readonly codecs?: Readonly<Record<string, AnyCodec>>;
  /** More types, by name. */
  readonly types?: Readonly<Record<string, PortType>>;
}

/** Nodes of a cluster: which one is the local one stands in the form, not in the stream. */
function nodesType(codec: AnyCodec): PortType {
  const type = portType(codec);
  return {
    ...type,
    fromForm: (form, version) => {
      if (typeof form !== 'object' || form === null) return type.fromForm(form, version);
      const { localNodeId: _, ...rest } = form as Readonly<Record<string, unknown>>;
      return type.fromForm(rest, version);
    },
  };
}

/** A registry of the values of the stream and of what is given. */
export function createRegistry({ actions = [], messages = {}, codecs = {}, types = {} }: RegistrySources = {}): Registry {
  const all = new Map<string, PortType>(Object.entries({ ...valueTypes, ...codecs }).map(([name, codec]) => [name, portType(codec)]));
  all.set('discoveryNodes', nodesType(discoveryNodes));
  all.set('discoveryNodesWithAttributes', nodesType(discoveryNodesWithAttributes));
  for (const [name, type] of Object.entries(types)) all.set(name, type);
  for (const { name, request, response } of actions) {
    all.set(`request:${name}`, requestType(request));
    all.set(`response:${name}`, portType(response));
  }
  for (const [name, codec] of Object.entries(messages)) all.set(`extension:${name}`, portType(codec));
  return { types: all, actions: actions.map(({ name }) => name) };
}
