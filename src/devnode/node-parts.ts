import type { Server } from '../transport/server/server.ts';
import type { NodeFacts } from './node-facts.ts';
import type { RestController } from './rest/rest-controller.ts';

/** What the parts of a node, such as its endpoints, are installed in. */
export interface NodeParts {
  /** Where REST routes are registered. */
  readonly controller: RestController;
  /** Where native actions are handled. */
  readonly server: Server;
  readonly facts: NodeFacts;
}
