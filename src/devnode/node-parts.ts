import type { NodeActions } from './extensions/node-actions.ts';
import type { NodeFacts } from './node-facts.ts';
import type { RestController } from './rest/rest-controller.ts';
import type { ClusterSettings } from './settings/cluster-settings.ts';

/** What the parts of a node, such as its endpoints, are installed in. */
export interface NodeParts {
  /** Where REST routes are registered. */
  readonly controller: RestController;
  /** Where native actions are handled, on the connections the node accepted and on those it opened to extensions. */
  readonly server: NodeActions;
  readonly facts: NodeFacts;
  readonly settings: ClusterSettings;
}
