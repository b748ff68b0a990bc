import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { expect, inject, test } from 'vitest';
import { WebSocket } from 'ws';
import { describeOnlyOn } from '../support/databases.ts';
import { llmCall, uuidOf } from '../support/events.ts';
import { freePort } from '../support/free-port.ts';
import { startProcess, type TelltaleProcess } from '../support/start-process.ts';
import { textOf } from './support.ts';

const FILE = 'deploy/proxy/haproxy.cfg';
const isInstalled = spawnSync('haproxy', ['-v']).status === 0;
const TAIL = 'subscription ($after: String) { llmCallRecorded(after: $after) { uuid } }';
const RECORD =
  'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted duplicates } }';
/** The balancer itself answers this if the instance that it chose has just died. */
const REFUSED = 502;

/** HAProxy with the file of the project, in front of servers at other ports. */
async function startBalancer(ports: readonly number[]) {
  const port = await freePort();
  let text = textOf(FILE).replace('127.0.0.1:8080', `127.0.0.1:${port}`);
  ports.forEach((own, index) => {
    text = text.replace(`127.0.0.1:${4000 + index}`, `127.0.0.1:${own}`);
  });
  const file = join(inject('databaseFolder'), `haproxy-${port}.cfg`);
  await writeFile(file, text);
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Subscribes through the balancer, and continues whenever a connection ends. */
function followTail(url: string) {
  const received = new Set<string>();
  const leaving = new AbortController();
  let position = '';
  let connections = 0;
  const made = (async () => {
    while (!leaving.signal.aborted) {
      const client = createClient({
        url: url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        retryAttempts: 0,
      });
      client.on('connected', () => connections++);
      leaving.signal.addEventListener('abort', () => client.terminate(), { once: true });
      try {
        for await (const { data, extensions } of client.iterate<
          { llmCallRecorded: { uuid: string } },
          { position?: string }
        >({
          query: TAIL,
          variables: { after: position },
        })) {
          if (data) received.add(data.llmCallRecorded.uuid);
          position = extensions?.position ?? position;
        }
      } catch {
        // The connection has ended. The next one continues on another instance.
      }
    }
  })();
  return {
    received,
    connections: () => connections,
    async leave() {
      leaving.abort();
      await made;
    },
  };
}

/**
 * Records a call through the balancer, and repeats it with the same id if an instance died
 * meanwhile.
 */
async function record(url: string, number: number): Promise<string> {
  const id = uuidOf(number);
  const body = JSON.stringify({ query: RECORD, variables: { input: [llmCall({ id })] } });
  await expect
    .poll(async () => {
      const { status } = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect([200, REFUSED]).toContain(status);
      return status;
    })
    .toBe(200);
  return id;
}

const portOf = async (server: TelltaleProcess) => Number(new URL(await server.waitUntilListening()).port);

test.skipIf(!isInstalled)(`${FILE} answers as GraphQL does while no instance is there`, async () => {
  await using balancer = await startBalancer([await freePort(), await freePort()]);
  const request = () =>
    fetch(balancer.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
  await expect.poll(() => request().then(({ status }) => status, String)).toBe(503);
  const response = await request();
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.json()).toEqual({
    errors: [
      {
        message: 'No instance answers. Send the request again, with the same ids.',
        extensions: { code: 'UNAVAILABLE', retryAfterMs: 1_000 },
      },
    ],
  });
});

describeOnlyOn('postgresql', `instances behind ${FILE}`, (database) => {
  test.skipIf(!isInstalled)('lose nothing when one of them is killed, without sticky sessions', async () => {
    expect(spawnSync('haproxy', ['-c', '-f', FILE], { encoding: 'utf8' })).toMatchObject({ status: 0 });
    const environment = {
      DATABASE_URL: await database.createMigratedUrl(),
      ...{ COLUMN_STORE: 'off', TRUSTED_PROXIES: '127.0.0.1', AUTH: 'disabled' },
    };
    await using one = startProcess(['serve'], environment);
    await using two = startProcess(['serve'], environment);
    await using balancer = await startBalancer([await portOf(one), await portOf(two)]);
    const { url } = balancer;
    const ids: string[] = [];
    await expect
      .poll(() =>
        fetch(url.replace('graphql', 'readyz')).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
    const tails = Array.from({ length: 4 }, () => followTail(url));
    const all = () => tails.every(({ received }) => ids.every((id) => received.has(id)));
    // The subscriptions have begun once each has received something.
    for (let number = 1; !tails.every(({ received }) => received.size > 0); number++)
      await record(url, number);
    for (let number = 1_001; number <= 1_010; number++) ids.push(await record(url, number));
    await expect.poll(all).toBe(true);
    one.child.kill('SIGKILL');
    for (let number = 2_001; number <= 2_020; number++) ids.push(await record(url, number));
    await expect.poll(all).toBe(true);
    // Both instances had some of them.
    const moved = tails.filter(({ connections }) => connections() > 1).length;
    expect(moved).toBeGreaterThan(0);
    expect(moved).toBeLessThan(tails.length);
    await Promise.all(tails.map(({ leave }) => leave()));
  });
});
