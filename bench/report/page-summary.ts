import { caseTitle } from '../corpus/titles.ts';
import { digits } from '../figures/units.ts';
import { escape } from './bars.ts';
import { noiseText } from './conditions.ts';
import type { Part, Results } from './results.ts';
import { shown, type Standing, standings } from './standings.ts';

/** Title of each part, and what it measures. */
export const PART_TITLES: Readonly<Record<Part, { readonly title: string; readonly text: string }>> = {
  codec: {
    title: 'Encoding and decoding',
    text: 'Turning values into bytes and back, without a network. Each library runs in its own process.',
  },
  call: {
    title: 'Small calls',
    text: 'A client calls a server that returns the same bytes. “64 calls in flight” means that the client always waits for 64 answers at once.',
  },
  bulk: { title: 'Large messages', text: 'The same echo with bodies of 1 MiB. “Released”: both ends return large buffers to a pool.' },
  extension: {
    title: 'Extensions',
    text: 'OpenSearch’s own client code in Java sends REST requests to an extension, and echo calls to a Java server.',
  },
  features: {
    title: 'Cost of features',
    text: 'Two ways to use the library take turns inside the same pair of processes (A B B A), each in its own copy of the code. The A/A control does the same with two equal sides: a difference smaller than the control’s is noise.',
  },
  scaling: {
    title: 'Scaling',
    text: 'Ten times as many calls, connections, headers, actions or bytes may cost at most eleven times the CPU time.',
  },
  memory: { title: 'Memory', text: 'What stays in memory after garbage collection, and the peak of one large message.' },
  node: { title: 'Genuine OpenSearch nodes', text: 'Clients take turns on the same node and check every answer.' },
};

const READING = [
  'A bar ends at the median of all rounds; the whisker spans from the smallest to the largest round.',
  'The blue bar is the control of its chart. Every other bar has its ratio to it in the tool tip.',
  'The light blue bar is the same library measured a second time (A/A). A difference smaller than that between these two bars is noise; so is one below 5 % (25 % at 1 MiB).',
  'Each chart says its unit, which direction is better, and whether its scale is linear or logarithmic. Bars on a logarithmic scale do not start at zero.',
  'Compare ratios of one run, not absolute numbers of two machines.',
  '“raw net” is a bare TCP echo over node:net: it parses nothing, has no request ids and no promises. It shows what the sockets alone cost.',
  'Echo handlers do no work, so these are costs of the protocol stacks alone. HTTP, gRPC and Connect offer more than a bare frame does (flow control per stream, proxies, browsers).',
];

/** Returns the anchor of a part, or of a case of it. */
export function anchorOf(part: Part, name = ''): string {
  return [part, name]
    .join(' ')
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
}

/** The head of the page: what was measured, where, the verdicts, and how to read the charts. */
export function summary(results: Results, parts: readonly Part[]): string {
  const cases = new Set(results.measures.map(({ part, case: name }) => `${part} ${name}`)).size;
  const names = parts.map((part) => PART_TITLES[part].title).join(', ');
  const verdicts = results.mode === 'quick' ? '<p>A quick run is not compared with the targets.</p>' : verdictText(standings(results));
  return `<h2>Summary</h2>
<p>${cases} cases in ${parts.length} parts: ${escape(names)}. ${escape(noiseText(results))}</p>
${verdicts}
${facts(results)}
<h3>How to read the charts</h3><ul>${READING.map((text) => `<li>${escape(text)}`).join('')}</ul>`;
}

function verdictText(all: readonly Standing[]): string {
  if (all.length === 0) return '<p>This run measured none of the targets.</p>';
  const of = (verdict: Standing['verdict']): Standing[] => all.filter((one) => one.verdict === verdict);
  const [missed, unclear] = [of('missed'), of('unclear')];
  const items = [...missed, ...unclear].map((one) => {
    const versus = one.versus === null ? '' : `, compared with ${one.versus}`;
    return `<li>${one.verdict}: ${escape(`${one.metric}${versus}: ${shown(one, one.value)}, limit ${shown(one, one.limit)}`)}`;
  });
  const counts = `${of('goal').length} reach their goal, ${of('holds').length} are within their limit, ${unclear.length} are unclear, ${missed.length} miss it`;
  return `<p><strong>Targets:</strong> of ${all.length}, ${counts}.</p>${items.length === 0 ? '' : `<ul>${items.join('')}</ul>`}`;
}

function facts({ when, mode, machine, versions, controls }: Results): string {
  const rows = [
    ['run', `${when}, mode ${mode}`],
    ['machine', `${machine.cpu}, ${machine.cores} cores, ${machine.arch}, ${digits(machine.memoryBytes / 1024 ** 3)} GiB, ${machine.os}`],
    ['Node.js', `${machine.node}, V8 ${machine.v8}, OpenSSL ${machine.openssl} ${machine.nodeOptions}`],
    [
      'settings',
      `CPU governor ${machine.governor}, TCP congestion control ${machine.congestionControl}, ${machine.pinned ? 'client and server on a core each' : 'processes not pinned'}`,
    ],
    [
      'controls',
      controls
        .map(({ part, contender, case: name }) => `${part}: ${contender}${name === undefined ? '' : ` (${caseTitle(name)})`}`)
        .join('; '),
    ],
    ...Object.entries(versions).filter(([, text]) => text !== ''),
  ];
  const cells = rows.map(([name = '', text = '']) => `<tr><td>${escape(name)}<td>${escape(text)}`);
  return `<details><summary>Machine, settings and versions: ${escape(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`)}</summary><table class="facts">${cells.join('')}</table></details>`;
}
