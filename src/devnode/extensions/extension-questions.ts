import { defineAction } from '../../protocol/action/define-action.ts';
import {
  clusterStateResponse,
  dependencyInformationResponse,
  extensionClusterSettings,
  extensionClusterState,
  extensionDependencyInformation,
  extensionEnvironmentSettings,
  type ExtensionInfoRequest,
} from '../../protocol/action/extension/extension-info.ts';
import { encode } from '../../protocol/codec/codec.ts';
import { rest } from '../../protocol/codec/primitives.ts';
import { type Settings, settings } from '../../protocol/codec/settings.ts';
import { minVersion, type VersionId } from '../../protocol/wire/version.ts';
import { clusterStateBytes, type StateFacts } from './cluster-state-bytes.ts';
import type { InstalledExtension } from './installed-extension.ts';
import type { NodeActions } from './node-actions.ts';
import { illegalArgument } from './node-errors.ts';

const QUESTIONS = [extensionClusterState, extensionClusterSettings, extensionEnvironmentSettings, extensionDependencyInformation];

/** Answers the questions of extensions about their node. @see extensions.md §1.3 no. 7 to 10 */
export class ExtensionQuestions {
  readonly #facts: StateFacts;
  readonly #settings: Settings;
  readonly #extensions: () => Iterable<InstalledExtension>;

  /** @param settings what the node was started with */
  constructor(facts: StateFacts, settings: Settings, extensions: () => Iterable<InstalledExtension>) {
    this.#facts = facts;
    this.#settings = settings;
    this.#extensions = extensions;
  }

  /** Serves the questions. The type of a request says what is asked for, not its action: the answer is laid out accordingly. */
  serveOn(actions: NodeActions): void {
    for (const { name, request, summary, purpose, idempotent } of QUESTIONS) {
      const action = defineAction({ name, request, response: rest, summary, purpose, idempotent });
      actions.handle(action, (question, { version }) => this.#answer(question, minVersion(version, this.#facts.identity.version)));
    }
  }

  /** @throws RemoteError for a question that nodes do not answer */
  #answer({ requestType, uniqueId }: ExtensionInfoRequest, version: VersionId): Buffer {
    const { clusterName, version: own } = this.#facts.identity;
    switch (requestType) {
      case 'REQUEST_EXTENSION_CLUSTER_STATE': {
        const state = clusterStateBytes(this.#facts, version);
        return encode(clusterStateResponse, { clusterName, state }, { version });
      }
      // A node answers both with the settings it was started with.
      case 'REQUEST_EXTENSION_CLUSTER_SETTINGS':
      case 'REQUEST_EXTENSION_ENVIRONMENT_SETTINGS':
        return encode(settings, this.#settings, { version });
      case 'REQUEST_EXTENSION_DEPENDENCY_INFORMATION':
        return encode(dependencyInformationResponse, this.#dependents(uniqueId, own), { version });
      default:
        throw illegalArgument('Handler not present for the provided request');
    }
  }

  /** The extensions that name the given one among their dependencies, with the version of this node. */
  #dependents(uniqueId: string | null, own: VersionId): InstalledExtension['node'][] {
    const isMeant = ({ node }: InstalledExtension): boolean =>
      (node.dependencies ?? []).some((each) => each.uniqueId === uniqueId && each.version === own);
    return [...this.#extensions()].filter(isMeant).map(({ node }) => node);
  }
}
