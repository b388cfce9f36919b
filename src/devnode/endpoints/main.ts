import { liveness } from '../../protocol/action/cluster/liveness.ts';
import { main } from '../../protocol/action/cluster/main.ts';
import type { AnswerOf } from '../../protocol/action/define-action.ts';
import { isObject } from '../../protocol/rest/body.ts';
import { restMain } from '../../protocol/rest/cluster/main.ts';
import type { JsonObject } from '../../protocol/rest/json.ts';
import { ownNode } from '../../transport/channel/own-identity.ts';
import { lineOf } from '../releases.ts';
import type { NodeFacts } from '../node-facts.ts';
import type { NodeParts } from '../node-parts.ts';
import { RestAnswer } from '../rest/rest-answer.ts';
import { registerTwin } from '../rest/rest-twin.ts';

/** Serves `GET /`, and the native actions that say who the node is. */
export function installMain({ controller, server, facts }: NodeParts): void {
  const answer = (): AnswerOf<typeof main> => mainAnswer(facts);
  registerTwin(controller, restMain, main, answer, (made, request) => {
    // A node prints this answer for people unless it is told not to.
    if (!request.hasParam('pretty')) request.setParam('pretty', 'true');
    return withLucene(made, facts);
  });
  server.handle(main, answer);
  server.handle(liveness, () => ({ clusterName: facts.identity.clusterName, node: ownNode(facts.identity, facts.transport) }));
}

function mainAnswer({ identity, release, clusterUuid }: NodeFacts): AnswerOf<typeof main> {
  const { nodeName, version, clusterName } = identity;
  const build = {
    distribution: 'opensearch',
    type: 'unknown',
    hash: 'unknown',
    date: 'unknown',
    snapshot: false,
    qualifiedVersion: release,
  };
  return { nodeName, version, clusterName, clusterUuid, build };
}

/** The release of Lucene is not on the wire; REST has it behind the facts of the build. */
function withLucene(made: RestAnswer, facts: NodeFacts): RestAnswer {
  const { body, status, headers } = made;
  if (body.kind !== 'json' || !isObject(body.value)) return made;
  const { version, ...others } = body.value as JsonObject & { version: JsonObject };
  const entries = Object.entries(version).flatMap((entry) =>
    entry[0] === 'build_snapshot' ? [entry, ['lucene_version', lineOf(facts.release).lucene]] : [entry],
  );
  const { tagline, ...head } = others;
  return RestAnswer.json({ ...head, version: Object.fromEntries(entries), tagline } as JsonObject, { status, headers });
}
