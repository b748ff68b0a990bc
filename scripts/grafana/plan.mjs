import { join } from 'node:path';

const PLUGIN = 'yesoreyeram-infinity-datasource';
const IMAGE = 'grafana/grafana:12.3.0';

/**
 * How to start a Grafana that shows the dashboards of deploy/grafana.
 *
 * @param {{ environment: Readonly<Record<string, string | undefined>>, root: string, grafana: {
 *   command: string, home: string } | null, docker: boolean, isLinux: boolean, }} found `root`: the
 *   folder of the project. `grafana`: the program that is installed, and its home path. `docker`:
 *   whether containers can be started.
 * @returns {{ command: string, args: string[], environment: Record<string, string>, url: string } |
 *   null} null: there is none
 */
export function planGrafana({ environment, root, grafana, docker, isLinux }) {
  const port = environment['GRAFANA_PORT'] || '3000';
  const key = environment['TELLTALE_KEY'] || '';
  const server = (environment['TELLTALE_URL'] || 'http://127.0.0.1:4000').replace(/\/(graphql\/?)?$/, '');
  const folder = join(root, 'deploy', 'grafana');
  const common = {
    TELLTALE_AUTH: key === '' ? 'none' : 'bearerToken',
    TELLTALE_KEY: key,
    GF_PLUGINS_PREINSTALL: PLUGIN,
    GF_SERVER_HTTP_ADDR: '127.0.0.1',
    GF_SERVER_HTTP_PORT: port,
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    // It listens only on this machine, and contains nothing but these dashboards.
    GF_AUTH_ANONYMOUS_ENABLED: 'true',
    GF_AUTH_ANONYMOUS_ORG_ROLE: 'Admin',
  };
  const url = `http://127.0.0.1:${port}/d/telltale-llm`;
  if (grafana !== null) {
    const variables = {
      ...common,
      TELLTALE_URL: server,
      TELLTALE_DASHBOARDS: join(folder, 'dashboards'),
      GF_PATHS_PROVISIONING: join(folder, 'provisioning'),
      GF_PATHS_DATA: join(root, '.cache', 'grafana'),
    };
    const args = [...grafanaArguments(grafana.command), '--homepath', grafana.home];
    return { command: grafana.command, args, environment: variables, url };
  }
  if (!docker) return null;
  // On Linux the container shares the network of the machine, because an open server listens only
  // there.
  const variables = {
    ...common,
    ...(!isLinux && { GF_SERVER_HTTP_ADDR: '0.0.0.0' }),
    TELLTALE_URL: isLinux
      ? server
      : server.replace(/\/\/(127\.0\.0\.1|localhost)\b/, '//host.docker.internal'),
    TELLTALE_DASHBOARDS: '/etc/telltale/dashboards',
  };
  const network = isLinux ? ['--network', 'host'] : ['--publish', `127.0.0.1:${port}:${port}`];
  const volumes = [
    `${join(folder, 'provisioning')}:/etc/grafana/provisioning:ro`,
    `${join(folder, 'dashboards')}:/etc/telltale/dashboards:ro`,
  ].flatMap((volume) => ['--volume', volume]);
  // The values pass through the environment, so the key does not appear in the process list.
  const names = Object.keys(variables).flatMap((name) => ['--env', name]);
  const args = ['run', '--rm', '--name', 'telltale-grafana', ...network, ...volumes, ...names, IMAGE];
  return { command: 'docker', args, environment: variables, url };
}

/** Older releases have a separate program for the server. @param {string} command */
const grafanaArguments = (command) => (/grafana-server$/.test(command) ? [] : ['server']);
