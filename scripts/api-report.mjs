// Writes one report of the public API for each door of the package, `docs/api/<door>.api.md`; with `--check`, fails where one would change.
// Fails where a door's types mention a type that the door does not export, and where a report shows an anonymous structure of many members.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { anonymousStructures } from './anonymous-structures.mjs';

const root = resolve(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const scratch = mkdtempSync(join(tmpdir(), 'opensearch-transport-api-'));
// The doors of single families (`actions/docs`) export what the namespaces of `actions` hold: its report shows them.
const doors = Object.entries(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).exports).filter(
  ([door, target]) => target.types && !door.startsWith('./actions/'),
);

try {
  const reports = doors.map(([door, target]) => reportDoor(door === '.' ? 'index' : door.slice(2), join(root, target.types)));
  const changed = reports.filter((report) => report.isChanged).map(({ name }) => name);
  if (changed.length > 0) console.error(`public API changed: ${changed.join(' ')} (review it, then: npm run api)`);
  process.exitCode = changed.length > 0 || reports.some(({ problems }) => problems > 0) ? 1 : 0;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Writes or compares one report, and prints what is wrong with the door. */
function reportDoor(name, declarations) {
  if (!existsSync(declarations)) {
    console.error(`${declarations} is missing (npm run build)`);
    return { name, isChanged: false, problems: 1 };
  }
  const problems = [];
  const result = Extractor.invoke(configOf(name, declarations), {
    localBuild: !check,
    messageCallback: (message) => {
      message.handled = true;
      if (message.logLevel === 'error') problems.push(`${name}: ${message.text}`);
    },
  });
  const report = readFileSync(join(scratch, `${name}.api.md`), 'utf8');
  for (const { line, owner, members } of anonymousStructures(report)) {
    problems.push(`docs/api/${name}.api.md:${line}: ${owner} holds an anonymous structure of ${members} members; give it a name`);
  }
  for (const problem of problems) console.error(problem);
  return { name, isChanged: check && result.apiReportChanged, problems: problems.length };
}

function configOf(name, declarations) {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: declarations,
      compiler: { overrideTsconfig: { compilerOptions: compilerOptions(), files: [declarations] } },
      newlineKind: 'lf',
      apiReport: { enabled: true, reportFileName: `${name}.api.md`, reportFolder: join(root, 'docs/api'), reportTempFolder: scratch },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: { default: { logLevel: 'none' }, 'ae-forgotten-export': { logLevel: 'error' } },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
  });
}

/** The extractor carries a TypeScript of its own, which cannot read the newest settings: only what declarations need. */
function compilerOptions() {
  return { module: 'nodenext', target: 'es2023', lib: ['es2023', 'esnext.disposable'], types: ['node'], strict: true, skipLibCheck: true };
}
