import { health } from '../../protocol/action/cluster/health.ts';
import type { HealthStatus } from '../../protocol/action/cluster/health-request.ts';
import type { AnswerOf, ReceivedOf } from '../../protocol/action/define-action.ts';
import { toMilliseconds } from '../../protocol/codec/time-value.ts';
import { isObject } from '../../protocol/rest/body.ts';
import { restHealth } from '../../protocol/rest/cluster/health.ts';
import { type Json, RawJson } from '../../protocol/rest/json.ts';
import { waitUntil } from '../../transport/util/deadline-wheel.ts';
import type { IndexFacts, NodeFacts } from '../node-facts.ts';
import type { NodeParts } from '../node-parts.ts';
import { RestAnswer } from '../rest/rest-answer.ts';
import { type NativeContext, registerTwin } from '../rest/rest-twin.ts';
import { matchingIndices } from './index-names.ts';

type HealthRequest = ReceivedOf<typeof health>;

/** How often a waiting request looks again, in milliseconds. */
const LOOK_MS = 20;

/** From good to bad. */
const SEVERITY: readonly HealthStatus[] = ['GREEN', 'YELLOW', 'RED'];

/** Serves `GET /_cluster/health` and the native action. */
export function installHealth({ controller, server, facts }: NodeParts): void {
  const handler = (request: HealthRequest, context: NativeContext) => healthOf(facts, request, context);
  registerTwin(controller, restHealth, health, handler, withJavaDoubles);
  server.handle(health, handler);
}

/** Answers once what the request waits for holds, or its time is over. */
async function healthOf(facts: NodeFacts, request: HealthRequest, { signal }: NativeContext): Promise<AnswerOf<typeof health>> {
  const endsAt = performance.now() + toMilliseconds(request.timeout);
  for (;;) {
    const answer = healthNow(facts, request);
    if (isReached(answer, request, facts)) return answer;
    const left = endsAt - performance.now();
    if (left <= 0 || signal.aborted) return { ...answer, timedOut: true };
    await pause(Math.min(LOOK_MS, left));
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    waitUntil(ms, resolve);
  });
}

function healthNow(facts: NodeFacts, request: HealthRequest): AnswerOf<typeof health> {
  const { found, missing } = matchingIndices(facts.indices, request.indices);
  const indices = found.map(indexHealth);
  const sum = (of: (each: (typeof indices)[number]) => number): number => indices.reduce((total, each) => total + of(each), 0);
  const activeShards = sum((each) => each.activeShards);
  const unassignedShards = sum((each) => each.unassignedShards);
  const all = activeShards + unassignedShards;
  const status = missing.length > 0 ? 'RED' : worst(indices.map((each) => each.status));
  return {
    clusterName: facts.identity.clusterName,
    status,
    activePrimaryShards: sum((each) => each.activePrimaryShards),
    activeShards,
    relocatingShards: 0,
    initializingShards: 0,
    unassignedShards,
    numberOfNodes: 1,
    numberOfDataNodes: 1,
    hasDiscoveredClusterManager: true,
    stateStatus: status,
    activeShardsPercent: all === 0 ? 100 : (activeShards * 100) / all,
    indices: request.level === 'CLUSTER' && request.applyLevelAtTransportLayer ? [] : indices,
  };
}

/** One node holds every primary, and has no place for a replica. */
export function indexHealth({ name, primaries, replicas }: IndexFacts) {
  const shard = {
    activeShards: 1,
    relocatingShards: 0,
    initializingShards: 0,
    unassignedShards: replicas,
    status: replicas > 0 ? 'YELLOW' : 'GREEN',
    primaryActive: true,
  } as const;
  return {
    index: name,
    numberOfShards: primaries,
    numberOfReplicas: replicas,
    activePrimaryShards: primaries,
    activeShards: primaries,
    relocatingShards: 0,
    initializingShards: 0,
    unassignedShards: primaries * replicas,
    status: shard.status,
    shards: Array.from({ length: primaries }, (_, shardId) => ({ shardId, ...shard })),
  };
}

/** Returns the worst status; green for none. */
export function worst(statuses: readonly HealthStatus[]): HealthStatus {
  return SEVERITY[Math.max(0, ...statuses.map((status) => SEVERITY.indexOf(status)))] as HealthStatus;
}

function isReached(answer: AnswerOf<typeof health>, request: HealthRequest, facts: NodeFacts): boolean {
  const { waitForStatus, waitForActiveShards, waitForNodes, indices } = request;
  if (matchingIndices(facts.indices, indices).missing.length > 0) return false;
  if (waitForStatus !== null && SEVERITY.indexOf(answer.status) > SEVERITY.indexOf(waitForStatus)) return false;
  if (waitForActiveShards === 'ALL' ? answer.unassignedShards > 0 : answer.activeShards < shardCount(waitForActiveShards)) return false;
  return isNodeCountReached(waitForNodes, answer.numberOfNodes);
}

function shardCount(count: HealthRequest['waitForActiveShards']): number {
  return typeof count === 'number' ? count : 0;
}

/** @param text `3`, `>=3`, `ge(3)` and the like */
function isNodeCountReached(text: string, count: number): boolean {
  const [, sign = '', digits] = /^(>=|<=|>|<|ge\(|le\(|gt\(|lt\()?(\d+)\)?$/.exec(text) ?? [];
  if (digits === undefined) return true;
  const wanted = Number(digits);
  if (sign === '>=' || sign === 'ge(') return count >= wanted;
  if (sign === '<=' || sign === 'le(') return count <= wanted;
  if (sign === '>' || sign === 'gt(') return count > wanted;
  if (sign === '<' || sign === 'lt(') return count < wanted;
  return count === wanted;
}

/** Java prints the percentage with a point: `100.0`. */
function withJavaDoubles(answer: RestAnswer): RestAnswer {
  const { body, status, headers } = answer;
  if (body.kind !== 'json' || !isObject(body.value)) return answer;
  const percent = body.value['active_shards_percent_as_number'];
  if (!Number.isInteger(percent)) return answer;
  const value = { ...body.value, active_shards_percent_as_number: new RawJson(`${percent as number}.0`) } as Json;
  return RestAnswer.json(value, { status, headers });
}
