import { describe, expect, test } from 'vitest';
import { registrationOf } from '../../../src/extension/node/route-registration.ts';
import { createRequest } from '../../../src/extension/rest/request.ts';
import { pathSegments } from '../../../src/extension/rest/request-path.ts';
import { defineDeprecatedRoute, defineRoute, type RouteMethod } from '../../../src/extension/rest/route.ts';
import { RouteTable } from '../../../src/extension/rest/route-table.ts';
import type { ExtensionRestRequest } from '../../../src/protocol/action/extension/node-to-extension.ts';
import { type Capture, captures, framesOf, releases } from '../../vectors/load.ts';

const REGISTER = 'internal:discovery/registerrestactions';
const EXECUTE = 'internal:extensions/restexecuteonextensiontaction';

interface Registration {
  readonly uniqueId: string;
  readonly restActions: readonly string[];
  readonly deprecatedRestActions: readonly string[];
  /** The node's own words when it refused. */
  readonly refusal: string | null;
}

/** What extensions tried to register, and what became of it. */
function registrationsOf(capture: Capture): Registration[] {
  const asked = new Map<string, Omit<Registration, 'refusal'>>();
  return framesOf(capture).flatMap(({ socket, decoded }) => {
    const conversation = `${socket} ${String(decoded['id'])}`;
    if (decoded['action'] === REGISTER) asked.set(conversation, decoded['body'] as Registration);
    const request = asked.get(conversation);
    if (decoded['answers'] !== REGISTER || request?.restActions === undefined) return [];
    return [{ ...request, refusal: decoded['error'] === undefined ? null : JSON.stringify(decoded['error']) }];
  });
}

/** A registration made again from what its lines say. */
function rebuild({ uniqueId, restActions, deprecatedRestActions }: Registration) {
  const table = new RouteTable();
  for (const line of restActions) {
    const [method, path, uniqueName = '', legacy] = line.split(' ');
    table.add(defineRoute(method as RouteMethod, path as string, () => undefined, { uniqueName, legacyNames: legacy?.split(',') ?? [] }));
  }
  for (let at = 0; at < deprecatedRestActions.length; at += 2) {
    const [method, path] = (deprecatedRestActions[at] as string).split(' ');
    table.add(defineDeprecatedRoute(method as RouteMethod, path as string, deprecatedRestActions[at + 1] ?? '', () => undefined));
  }
  return registrationOf(table.routes, uniqueId);
}

/** Refused for what only the node knows: others, or an earlier message, have the name or the path; or the message itself was broken. */
function isNewsToUs({ restActions, refusal }: Registration): boolean {
  const text = refusal ?? '';
  if (/conflicts with handler|Missing extension node|Message not fully read/.test(text)) return true;
  return restActions.length === 1 && text.includes('already registered');
}

/** Taken by a node without complaint and never of use: it does not match them, loses one of two parameters, or answers by itself. */
const USELESS = /^GET nolead |\?x=1|\/ü|^GET \/\{a\}\/\{a\}|^TRACE/;

const isUseless = ({ restActions }: Registration): boolean => restActions.some((line) => USELESS.test(line));

/** One message is neither: it has a path without its deprecation message, which a node drops in silence. */
const isOdd = ({ deprecatedRestActions }: Registration): boolean => deprecatedRestActions.length % 2 === 1;

describe.each(releases)('routes and %s', (release) => {
  const all = captures(release).flatMap(registrationsOf);
  const refused = all.filter((each) => each.refusal !== null && !isNewsToUs(each));
  const accepted = all.filter((each) => each.refusal === null && !isUseless(each) && !isOdd(each));

  test('were seen together often', () => {
    expect(refused.length).toBeGreaterThan(10);
    expect(accepted.length).toBeGreaterThan(50);
  });

  test.each(refused.map((each) => [[...each.restActions, ...each.deprecatedRestActions].join(' | ').slice(0, 80), each] as const))(
    '%j is refused by both',
    (_, each) => {
      expect(() => rebuild(each)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
    },
  );

  test('what it took is taken and told as it was', () => {
    for (const each of accepted)
      expect(rebuild(each)).toMatchObject({ restActions: each.restActions, deprecatedRestActions: each.deprecatedRestActions });
  });

  test('what it takes and never matches is refused', () => {
    const useless = all.filter((each) => each.refusal === null && isUseless(each));
    expect(useless.length).toBeGreaterThanOrEqual(5);
    for (const each of useless) expect(() => rebuild(each)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
  });
});

describe.each(releases)('REST requests of %s', (release) => {
  test('lead to their route, with the parameters the node found', () => {
    let compared = 0;
    for (const capture of captures(release)) {
      const tables = tablesOf(capture);
      for (const message of executionsOf(capture)) {
        const uniqueId = /^\/_extensions\/_([^/?]+)/.exec(message.uri)?.[1] ?? '';
        const match = tables.get(uniqueId)?.match(message.method, pathSegments(message.uri, message.path, uniqueId));
        if (match === undefined) continue;
        if (match.kind !== 'route') throw new Error(`${message.method} ${message.uri} leads to ${match.kind}`);
        const request = createRequest(message, match, {
          opaqueId: null,
          asCaller: () => expect.fail('not used'),
          signal: () => new AbortController().signal,
        });
        expect({ ...request.query.all(), ...request.params }).toEqual(message.params);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(30);
  });
});

function executionsOf(capture: Capture): ExtensionRestRequest[] {
  const bodies = framesOf(capture).flatMap(({ decoded }) =>
    decoded['action'] === EXECUTE ? [decoded['body'] as ExtensionRestRequest] : [],
  );
  return bodies.map((body) => ({ ...body, content: Buffer.alloc(0) }));
}

/** What nodes route to each extension; where there are two nodes, each was told the same. */
function tablesOf(capture: Capture): Map<string, RouteTable> {
  const targets = new Map<string, Set<string>>();
  for (const each of registrationsOf(capture)) {
    if (each.refusal !== null || isUseless(each)) continue;
    const deprecated = each.deprecatedRestActions.filter((_, at) => at % 2 === 0);
    const known = targets.get(each.uniqueId) ?? [];
    targets.set(each.uniqueId, new Set([...known, ...[...each.restActions, ...deprecated].map((line) => line.split(' ', 2).join(' '))]));
  }
  return new Map([...targets].map(([uniqueId, lines]) => [uniqueId, tableOf(lines)]));
}

function tableOf(targets: Iterable<string>): RouteTable {
  const table = new RouteTable();
  for (const target of targets) {
    const [method, path] = target.split(' ');
    table.add(defineRoute(method as RouteMethod, path as string, () => undefined));
  }
  return table;
}
