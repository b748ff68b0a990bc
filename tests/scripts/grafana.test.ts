import { describe, expect, it } from 'vitest';
import { planGrafana } from '../../scripts/grafana/plan.mjs';
import { documentsOf, textOf } from '../deploy/support.ts';

const grafana = { command: '/usr/sbin/grafana', home: '/usr/share/grafana' };
const nothing = { environment: {}, root: '/telltale', grafana: null, docker: false, isLinux: true };

describe('npm run grafana', () => {
  it('starts the Grafana that is installed, with the files of deploy/grafana', () => {
    const plan = planGrafana({ ...nothing, grafana, docker: true });
    expect(plan).toMatchObject({
      command: '/usr/sbin/grafana',
      args: ['server', '--homepath', '/usr/share/grafana'],
      environment: {
        TELLTALE_URL: 'http://127.0.0.1:4000',
        TELLTALE_AUTH: 'none',
        TELLTALE_DASHBOARDS: '/telltale/deploy/grafana/dashboards',
        GF_PATHS_PROVISIONING: '/telltale/deploy/grafana/provisioning',
        GF_SERVER_HTTP_ADDR: '127.0.0.1',
      },
      url: 'http://127.0.0.1:3000/d/telltale-llm',
    });
    const older = planGrafana({ ...nothing, grafana: { ...grafana, command: '/usr/sbin/grafana-server' } });
    expect(older?.args).toEqual(['--homepath', '/usr/share/grafana']);
  });

  it("passes on the server's address and key, without showing the key in a list of processes", () => {
    const environment = {
      ...{ TELLTALE_URL: 'http://localhost:4100/graphql', TELLTALE_KEY: 'tlt_secret' },
      GRAFANA_PORT: '3300',
    };
    const linux = planGrafana({ ...nothing, environment, docker: true });
    expect(linux).toMatchObject({
      command: 'docker',
      environment: {
        TELLTALE_URL: 'http://localhost:4100',
        TELLTALE_KEY: 'tlt_secret',
        TELLTALE_AUTH: 'bearerToken',
      },
      url: 'http://127.0.0.1:3300/d/telltale-llm',
    });
    expect(linux?.args).toEqual(expect.arrayContaining(['--network', 'host', 'TELLTALE_KEY']));
    expect(linux?.args.join(' ')).not.toContain('tlt_secret');
    const mac = planGrafana({ ...nothing, environment, docker: true, isLinux: false });
    expect(mac?.environment['TELLTALE_URL']).toBe('http://host.docker.internal:4100');
    expect(mac?.args).toContain('127.0.0.1:3300:3300');
  });

  it('has nothing to start if neither is installed', () => {
    expect(planGrafana(nothing)).toBeNull();
  });

  it('sets every variable that the provisioning files name, like the compose file', () => {
    const files = ['datasources', 'dashboards'].map(
      (kind) => `deploy/grafana/provisioning/${kind}/telltale.yaml`,
    );
    for (const path of files) expect(documentsOf(path)).toHaveLength(1);
    const named = [
      ...files
        .map(textOf)
        .join('')
        .matchAll(/\$(\w+)/g),
    ].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(4);
    const [compose] = documentsOf('deploy/grafana/compose.yaml');
    const { environment, image } = compose.services.grafana;
    const plan = planGrafana({ ...nothing, docker: true });
    for (const set of [
      plan?.environment ?? {},
      environment,
      planGrafana({ ...nothing, grafana })?.environment ?? {},
    ]) {
      expect(Object.keys(set)).toEqual(expect.arrayContaining(named));
    }
    expect(plan?.args).toContain(image);
  });
});
