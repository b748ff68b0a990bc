import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import {
  type ConnectionWatch,
  createConnectionWatch,
} from '../../src/storage/dialect/postgresql/silent-connections.ts';
import { asUnavailable } from '../../src/storage/dialect/unavailable.ts';
import { describeOnlyOn } from '../support/databases.ts';
import { type Network, openNetwork } from '../support/network.ts';

describeOnlyOn('postgresql', 'a connection without an answer', (database) => {
  const problems: string[] = [];
  let network: Network;
  let watch: ConnectionWatch;
  let clients: pg.Client[] = [];
  afterEach(async () => {
    watch.close();
    await Promise.all(clients.map((client) => client.end()));
    clients = [];
    problems.length = 0;
    await network[Symbol.asyncDispose]();
  });

  /** Opens this many watched connections through one network. */
  async function open(count: number): Promise<pg.Client[]> {
    network = await openNetwork(await database.createUrl());
    const onProblem = ({ message }: Error) => void problems.push(message);
    watch = createConnectionWatch({ url: network.url, onProblem, pollIntervalMs: 20, silentMs: 100 });
    clients = Array.from({ length: count }, () => new pg.Client({ connectionString: network.url }));
    for (const client of clients) {
      client.on('error', () => undefined);
      await client.connect();
      await watch.add(client);
    }
    return clients;
  }

  test('is closed, together with the idle ones, if the database knows nothing of its statement', async () => {
    const [busy, idle] = await open(2);
    network.forget();
    const error = await busy?.query('select 1').catch(asUnavailable);
    expect(error).toMatchObject({ trouble: 'AWAY' });
    expect(await idle?.query('select 1').catch(asUnavailable)).toMatchObject({ trouble: 'AWAY' });
    expect(problems).toEqual([
      'Connections to the database were closed: 1 without an answer, because it knows nothing of their statements, and 1 idle ones.',
    ]);
  });

  test('is closed if the database does not answer at all', async () => {
    const [client] = await open(1);
    const answer = client?.query('select 1 from pg_sleep(30)').catch(asUnavailable);
    network.cutNew();
    expect(await answer).toMatchObject({ trouble: 'AWAY' });
    expect(problems).toEqual([expect.stringContaining('it does not answer new ones either')]);
  });

  test('stays open while the database works on its statement, or lets it wait for a lock', async () => {
    const [holder, waiting, working] = await open(3);
    await holder?.query('select pg_advisory_lock(1)');
    const locked = waiting?.query('select pg_advisory_lock(1)');
    await working?.query('select pg_sleep(0.5)');
    await holder?.query('select pg_advisory_unlock(1)');
    await locked;
    expect(problems).toEqual([]);
  });
});
