/**
 * `npm test`: everything, on a machine that may have nothing yet. Installs what is missing, builds, then runs the
 * checks, the unit tests and the tests in a real browser against real X servers, and ends with one line of totals.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from './ensure-build.mjs';
import {
  checkNode,
  COMPILER_PACKAGES,
  ensureFirefox,
  ensurePackages,
  ensureSystem,
  fail,
  root,
  say,
  SESSION_PACKAGES,
  TEST_PACKAGES,
} from './setup.mjs';

checkNode();
const system = ensureSystem({ ...COMPILER_PACKAGES, ...SESSION_PACKAGES, ...TEST_PACKAGES });
if (!system.ok) fail(`The tests need these system packages; run once:\n  ${system.command}`);
const firefox = ensureFirefox();
if (!firefox.ok) fail(`The tests need a newer Firefox; run once:\n  ${firefox.command}`);
ensurePackages();
await ensureBuild();

const { check } = await import('./check.mjs');
const reports = mkdtempSync(join(tmpdir(), 'casement-test-'));
const totals = { passed: 0, failed: 0 };

/** Runs a test runner, shows its output, and counts from its JSON report; a runner that breaks counts as one failure. */
function run(title, args, report, count) {
  say(`\n== ${title}`);
  const { status } = spawnSync('npx', ['--no-install', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
  });
  let counted = { passed: 0, failed: 0 };
  try {
    counted = count(JSON.parse(readFileSync(report, 'utf8')));
  } catch (error) {
    say(`${title}: no report (${error instanceof Error ? error.message : String(error)})`);
  }
  totals.passed += counted.passed;
  totals.failed += counted.failed;
  if (status !== 0 && counted.failed === 0) totals.failed++;
}

say('\n== checks');
const checks = check();
totals.passed += checks.passed;
totals.failed += checks.failed;

const unit = join(reports, 'unit.json');
run(
  'unit tests',
  ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${unit}`],
  unit,
  (report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numFailedTestSuites * (report.numFailedTests === 0 ? 1 : 0),
  }),
);
const e2e = join(reports, 'e2e.json');
run('browser tests', ['playwright', 'test', '--reporter=list,json'], e2e, (report) => ({
  passed: report.stats.expected + report.stats.flaky,
  failed: report.stats.unexpected,
}));

say(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
