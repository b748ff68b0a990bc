import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, it } from 'vitest';
import { openAsker } from '../../src/commands/mcp/open-asker.ts';
import { agentOf } from '../mcp/support/clients.ts';
import { makeKey } from '../server/support/keys.ts';
import { callGroup, callRow } from '../storage/support/calls.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeEachDatabase, describeOneDatabase } from '../support/databases.ts';
import { llmCall } from '../support/events.ts';
import { runCommand } from '../support/run-command.ts';
import { startApp } from '../support/start-app.ts';
import { startProcess } from '../support/start-process.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
const COUNT = '{ llmCalls { totalCount } }';

describeOneDatabase('telltale mcp', (database) => {
  it('serves the agent that starts it within the rights of its key, and writes only the protocol', async () => {
    await using running = await startApp({ database });
    await running.query(RECORD, { input: [llmCall({ cost: 2 }), llmCall({ cost: 1 })] });
    const { text: key } = await makeKey(running, { scopes: ['READ'] });
    const environment = { TELLTALE_URL: running.url, TELLTALE_API_KEY: key };
    const client = new Client({ name: 'tests', version: '1.0.0' });
    const problems: string[] = [];
    client.onerror = ({ message }) => problems.push(message);
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [MAIN, 'mcp'], env: environment }),
    );
    await using agent = agentOf(client, () => client.close());
    expect((await agent.call('top_costs')).structured).toMatchObject({ total: { cost: 3, calls: 2 } });
    expect(problems).toEqual([]);

    await using other = startProcess(['mcp'], environment, { input: 'not JSON\n{"hello": 1}\n' });
    expect(await other.ended).toBe(0);
    expect(other.stdout).toBe('');
    expect(other.stderr).toMatch(/^A message could not be read or sent: .*\n$/);
  });

  it.each([
    [['--url=nowhere'], {}, '--url: nowhere is not a valid URL'],
    [[], { TELLTALE_URL: 'ftp://somewhere' }, 'TELLTALE_URL: ftp://somewhere is not a valid URL'],
    [['--url=http://a/graphql', '--database=file:b'], {}, 'Give --url or --database, not both.'],
    [['--database=file:/nowhere/telltale.db'], {}, 'There is no database /nowhere/telltale.db.'],
  ])('says what is wrong with %j', async (flags, environment, message) => {
    const { code, stdout, stderr } = await runCommand(['mcp', ...flags], environment);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describeEachDatabase('telltale mcp --database', (database) => {
  const stores = useStores(database);

  it('queries a database that no server serves', async () => {
    const url = await stores.createUrl();
    const store = await stores.open(url);
    await store.append([callGroup(callRow())]);
    await stores.close(store);
    const { asker, close } = await openAsker({ database: url });
    try {
      expect(await asker.ask({ query: COUNT })).toEqual({ data: { llmCalls: { totalCount: 1 } } });
      expect((await asker.schema()).getQueryType()?.getFields()).toHaveProperty('llmCallAnalytics');
    } finally {
      await close();
    }
  });
});
