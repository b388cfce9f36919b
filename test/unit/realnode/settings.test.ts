import { expect, test } from 'vitest';
import { UsageError } from '../../../src/protocol/error/transport-error.ts';
import { DEFAULT_SETTINGS, log4jProperties, nodeSettings, openSearchYml } from '../../../src/realnode/settings.ts';

const identity = { nodeName: 'n1', clusterName: 'c', httpPort: 0, transportPort: 9300 };
const own = { 'node.name': 'n1', 'cluster.name': 'c', 'http.port': 0, 'transport.port': 9300 };

test('a node has its identity and the defaults', () => {
  expect(nodeSettings(identity, {})).toEqual({ ...own, ...DEFAULT_SETTINGS });
  expect(DEFAULT_SETTINGS).toMatchObject({
    'network.host': '127.0.0.1',
    'discovery.type': 'single-node',
    'http.netty.worker_count': 16,
    'opensearch.experimental.feature.extensions.enabled': true,
  });
});

test('what the user gives wins, null removes a default, but never a name or a port', () => {
  const settings = nodeSettings(identity, {
    'http.netty.worker_count': null,
    'transport.compress': true,
    'network.host': '_local_',
    'node.name': 'mine',
    'http.port': null,
  });
  expect(settings).toMatchObject({ 'transport.compress': true, 'network.host': '_local_', 'node.name': 'mine', 'http.port': 0 });
  expect(settings).not.toHaveProperty(['http.netty.worker_count']);
});

test.each([
  [{ 'discovery.seed_hosts': ['127.0.0.1:9301'] }, undefined],
  [{ 'discovery.seed_hosts': [] }, undefined],
  [{ 'cluster.initial_cluster_manager_nodes': ['n1'] }, undefined],
  [{ 'discovery.seed_hosts': null }, 'single-node'],
  [{ 'discovery.seed_hosts': ['127.0.0.1:9301'], 'discovery.type': 'zen' }, 'zen'],
  [{ 'discovery.type': null }, undefined],
])('with %j the discovery type is %s', (user, type) => {
  expect(nodeSettings(identity, user)['discovery.type']).toBe(type);
});

test('path.home belongs to the node', () => {
  expect(() => nodeSettings(identity, { 'path.home': '/elsewhere' })).toThrow(UsageError);
});

test('the settings file is JSON, and so YAML', () => {
  const settings = nodeSettings(identity, { 'node.attr.text': 'a: "b" # c' });
  expect(JSON.parse(openSearchYml(settings))).toEqual(settings);
});

test('logger settings become levels of log4j, one line each', () => {
  const text = log4jProperties({
    'logger.level': 'WARN',
    'logger.org.opensearch.transport.TransportLogger': 'TRACE',
    'logger.x': 'debug\nrootLogger.level = off',
  });
  expect(text).toContain('rootLogger.level = warn\n');
  expect(text).toContain('logger.l0.name = org.opensearch.transport.TransportLogger\nlogger.l0.level = trace\n');
  expect(text).toContain('logger.l1.level = debug rootlogger.level = off\n');
});
