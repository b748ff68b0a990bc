/**
 * `npm run grafana`: starts the Grafana that is installed here, or its container, with the
 * dashboards of deploy/grafana and a data source that asks the server at TELLTALE_URL (default:
 * http://127.0.0.1:4000) with TELLTALE_KEY. GRAFANA_PORT is 3000, unless it says otherwise.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { planGrafana } from './grafana/plan.mjs';
import { root } from './prepare/paths.mjs';

/** Where packages put the files that Grafana serves. */
const HOMES = [
  '/usr/share/grafana',
  '/opt/homebrew/opt/grafana/share/grafana',
  '/usr/local/opt/grafana/share/grafana',
];

function findGrafana() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/share/grafana/bin'];
  const programs = ['grafana', 'grafana-server'].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  );
  const command = programs.find((path) => existsSync(path));
  const home = [process.env.GRAFANA_HOME ?? '', ...HOMES].find((path) => path !== '' && existsSync(path));
  return command === undefined || home === undefined ? null : { command, home };
}

const hasDocker = () => spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 }).status === 0;

const grafana = findGrafana();
const plan = planGrafana({
  environment: process.env,
  root,
  grafana,
  docker: grafana === null && hasDocker(),
  isLinux: process.platform === 'linux',
});

if (plan === null) {
  console.error(
    'There is no Grafana here: neither the program `grafana` with its files (GRAFANA_HOME) nor a Docker that runs.\n' +
      'Install Grafana 11.6 or later (https://grafana.com/grafana/download) or Docker, and run this again.\n' +
      'For a Grafana elsewhere, docs/grafana.md says what to copy.',
  );
  process.exitCode = 1;
} else {
  console.log(`Grafana will show the dashboards at ${plan.url}`);
  const child = spawn(plan.command, plan.args, {
    stdio: 'inherit',
    env: { ...process.env, ...plan.environment },
  });
  child.on('error', (error) => {
    console.error(`${plan.command} did not start: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => (process.exitCode = code ?? 1));
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.on(signal, () => child.kill(signal));
}
