// Writes one report of the public API for each door of the package, `docs/api/<door>.api.md`; with `--check`, fails where one would change.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = resolve(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const scratch = mkdtempSync(join(tmpdir(), 'opensearch-transport-api-'));
// The doors of single families (`actions/docs`) export what the namespaces of `actions` hold: its report shows them.
const doors = Object.entries(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).exports).filter(
  ([door, target]) => target.types && !door.startsWith('./actions/'),
);

try {
  const stale = doors.filter(([door, target]) => !reportDoor(door === '.' ? 'index' : door.slice(2), join(root, target.types)));
  if (stale.length > 0) console.error(`public API changed: ${stale.map(([door]) => door).join(' ')} (review it, then: npm run api)`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** True when the report is as it was, or was written. */
function reportDoor(name, declarations) {
  if (!existsSync(declarations)) {
    console.error(`${declarations} is missing (npm run build)`);
    return false;
  }
  const config = ExtractorConfig.prepare({
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
        extractorMessageReporting: {
          default: { logLevel: 'none' },
          'ae-forgotten-export': { logLevel: 'warning', addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
  });
  const result = Extractor.invoke(config, { localBuild: !check, messageCallback: (message) => quietly(message, name) });
  return result.errorCount === 0 && !(check && result.apiReportChanged);
}

/** The extractor carries a TypeScript of its own, which cannot read the newest settings: only what declarations need. */
function compilerOptions() {
  return { module: 'nodenext', target: 'es2023', lib: ['es2023', 'esnext.disposable'], types: ['node'], strict: true, skipLibCheck: true };
}

function quietly(message, name) {
  message.handled = true;
  if (message.logLevel === 'error') console.error(`${name}: ${message.text}`);
}
