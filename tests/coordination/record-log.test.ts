import { expect, it } from 'vitest';
import { createLogRecorder } from '../../src/coordination/record-log.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startGraphQL } from '../support/graphql.ts';

describeEachDatabase('the log of the coordination folder', (database) => {
  it.each([
    ['waits for the end of an incomplete line', false, 'UNSETTLED', ['first']],
    [
      'records a last line without an end once the file no longer changes',
      true,
      { problem: null },
      ['first', 'second, half wri'],
    ],
  ] as const)('%s', async (_, settled, answer, messages) => {
    await using graphql = await startGraphQL(database);
    const record = createLogRecorder({ ...graphql.services, projectId: 'default' });
    const recorded = async () => {
      const { agentActivities } = await graphql.data('{ agentActivities { nodes { message } } }');
      return agentActivities.nodes.map(({ message }: { message: string }) => message).sort();
    };
    const half = '## builder\n- [2026-11-20 12:00] first\n- second, half wri';
    const file = { kind: 'text' as const, version: '1', changedAt: graphql.clock.now() };
    expect(await record({ ...file, text: half }, settled)).toEqual(answer);
    expect(await recorded()).toEqual(messages);
    if (settled) return;
    expect(await record({ ...file, text: `${half}tten\n` }, false)).toEqual({ problem: null });
    expect(await recorded()).toEqual(['first', 'second, half written']);
  });
});
