// `npm run test:runtimes [-- bun workers browser next ai-sdk]`: runs the client in the environments
// that its README lists, against a server of this project. The runtimes come from npm, into a
// persistent folder below the temporary one. CI does not run it: the runtimes are large, and new
// versions may break it any day.
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildClient } from './prepare/client.mjs';
import { inPackage } from './prepare/paths.mjs';
import { prepare } from './prepare/prepare.mjs';
import { run } from './prepare/run.mjs';
import { aiSdk } from './runtimes/ai-sdk.mjs';
import { makeApp } from './runtimes/app.mjs';
import { browser } from './runtimes/browser.mjs';
import { bun } from './runtimes/bun.mjs';
import { next } from './runtimes/next.mjs';
import { Skipped } from './runtimes/runtime.mjs';
import { startServer } from './runtimes/server.mjs';
import { workers } from './runtimes/workers.mjs';

const RUNTIMES = [bun, workers, browser, next, aiSdk];

const asked = process.argv.slice(2);
const names = RUNTIMES.map(({ name }) => name);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no runtime ${unknown.join(', ')}. There are: ${names.join(', ')}.\n`);
  process.exit(2);
}

await prepare('all');
await buildClient();
const apps = join(tmpdir(), 'telltale-runtimes');
mkdirSync(apps, { recursive: true });
const [{ filename }] = JSON.parse(
  await run('npm', ['pack', inPackage('client'), '--ignore-scripts', '--json', '--pack-destination', apps]),
);
const server = await startServer();
try {
  for (const runtime of RUNTIMES) {
    if (asked.length === 0 || asked.includes(runtime.name)) await tryRuntime(runtime);
  }
} finally {
  await server.stop();
}

/** @param {import('./runtimes/runtime.mjs').Runtime} runtime */
async function tryRuntime(runtime) {
  const { name, packages, tried } = runtime;
  try {
    const { folder, version } = await makeApp(apps, { name, packages, tarball: join(apps, filename) });
    const found = await runtime.run({ folder, server, project: await server.project(name) });
    const versions = tried.map((of) => `${of} ${version(of)}`).join(', ');
    process.stdout.write(`works:   ${name} (${versions || `Node ${process.version}`}): ${found}\n`);
  } catch (error) {
    if (error instanceof Skipped) {
      process.stdout.write(`skipped: ${name}: ${error.message}\n`);
      return;
    }
    process.exitCode = 1;
    process.stdout.write(`FAILS:   ${name}: ${error instanceof Error ? error.stack : error}\n`);
  }
}
