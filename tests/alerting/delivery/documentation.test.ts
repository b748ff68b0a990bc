import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { inPackage } from '../../../scripts/prepare/paths.mjs';
import { describeEachDatabase } from '../../support/databases.ts';
import { draft, ruleRow, startWorker } from './support/worker.ts';

const GUIDE = inPackage('docs/alerts.md');

describeEachDatabase('docs/alerts.md', (database) => {
  test('shows what is really sent', async () => {
    const shown = JSON.parse(/```json\n(.+?)```/s.exec(await readFile(GUIDE, 'utf8'))?.[1] ?? 'null');
    const { alertId, type, severity, title, message, source, ruleId, labels, value, threshold } = shown.data;
    await using worker = await startWorker(database);
    await worker.instance.stop();
    const { clock, services } = worker.graphql;
    clock.set(Date.parse(shown.timestamp));
    await worker.addWebhook('on-call', 'https://hooks.example.com/alerts');
    const rule = { ruleId, labels, value, threshold };
    const alert = { type, severity, title, message, source, rule };
    await services.store.prisma.alertRule.create({ data: ruleRow('default', ruleId) });
    await services.alerting.alertBook.change('default', (writer) =>
      writer.raise(draft(alertId, clock.now(), alert)),
    );
    const [row] = await worker.rows();
    expect(row.payload).toEqual(shown);
  });
});
