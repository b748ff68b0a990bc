import { describe, expect, it } from 'vitest';
import { readPeriod } from '../../../../src/commands/collect/system.ts';
import { describeEachDatabase, describeOneDatabase } from '../../../support/databases.ts';
import { freePort } from '../../../support/free-port.ts';
import { runCommand } from '../../../support/run-command.ts';
import { startApp } from '../../../support/start-app.ts';
import { startProcess } from '../../../support/start-process.ts';

const LIST =
  '{ healthSamples { nodes { service environment overallStatus cpuUsage memoryUsage diskUsage details } } }';
const COUNT = '{ healthSamples { totalCount } }';
const IN_PERCENT = expect.toSatisfy((value: number) => value >= 0 && value <= 100);

describe('--every', () => {
  it.each([
    ['15', 15_000],
    ['1', 1_000],
    ['2.5', 2_500],
  ])('%s', (text, period) => {
    expect(readPeriod(text)).toBe(period);
  });
  it.each(['', ' ', '0', '0.5', '-3', '86401', '15s', 'NaN'])('refuses "%s"', (text) => {
    expect(() => readPeriod(text)).toThrow(/^--every: .*from 1 to 86400/);
  });
});

describeEachDatabase('telltale collect system', (database) => {
  it('stores one sample of this machine, through the server or without it', async () => {
    await using server = await startApp({ database });
    const flags = ['--once', '--service', 'build-1', '--environment', 'test'];
    const ways = [
      ['--url', server.url],
      ['--database', server.databaseUrl],
    ];
    for (const way of ways) {
      const collect = await runCommand(['collect', 'system', ...flags, ...way]);
      expect(collect).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(collect.stdout)).toMatchObject({ service: 'build-1', cpuUsage: IN_PERCENT });
    }
    const { healthSamples } = await server.query<{ healthSamples: { nodes: object[] } }>(LIST);
    expect(healthSamples.nodes).toHaveLength(2);
    for (const node of healthSamples.nodes) {
      expect(node).toMatchObject({
        service: 'build-1',
        environment: 'test',
        overallStatus: expect.stringMatching(/^(HEALTHY|DEGRADED|UNHEALTHY)$/),
        cpuUsage: IN_PERCENT,
        memoryUsage: IN_PERCENT,
      });
    }
  });
});

// The rest of storing samples is the server's part.
describeOneDatabase('telltale collect system, sending to a server', (database) => {
  it('samples until Ctrl-C, and continues after the server was unreachable', async () => {
    const port = String(await freePort());
    const environment = { PORT: port };
    const url = `http://127.0.0.1:${port}/graphql`;
    const databaseUrl = await database.createMigratedUrl();
    const count = async (server: { query: (document: string) => Promise<Record<string, unknown>> }) =>
      ((await server.query(COUNT))['healthSamples'] as { totalCount: number }).totalCount;
    const first = await startApp({ database, databaseUrl, environment });
    await using collect = startProcess(['collect', 'system', '--every', '1', '--url', url], {});
    await expect.poll(() => count(first)).toBeGreaterThanOrEqual(2);
    await first[Symbol.asyncDispose]();
    await expect.poll(() => collect.stderr).toContain('Samples are queued');
    await using second = await startApp({ database, databaseUrl, environment });
    await expect.poll(() => collect.stderr).toMatch(/accepts samples again: sent \d+ from the queue/);
    expect(await count(second)).toBeGreaterThanOrEqual(4);
    collect.child.kill('SIGINT');
    expect(await collect.ended).toBe(0);
    expect(collect.stderr).toMatch(/^Sampling \S+ into http\S+ every 1 s\. Stop it with Ctrl-C\.\n/);
    expect(collect.stderr).not.toContain('could not be sent');
  });
});

describe('telltale collect system on the command line', () => {
  it.each([
    [['--every', 'often'], '--every: often is not a number of seconds'],
    [['--url', 'http://127.0.0.1:1/graphql'], '--url: no server answers at http://127.0.0.1:1/graphql.'],
    [['--url', 'http://a', '--database', 'file:b'], 'Give --url or --database, not both.'],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await runCommand(['collect', 'system', ...flags]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});
