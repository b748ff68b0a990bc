import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { formatValue } from '../../../web/src/format/value.ts';
import { graphql } from '../../generated/gql.ts';
import { FIXED_RANGE, inRange, type PageCase } from '../support/page-case.ts';

const Totals = graphql(/* GraphQL */ `
  query TotalsOfOverview($range: TimeRangeInput!) {
    requestLogAnalytics(range: $range) { totals { count } }
    llmCallAnalytics(range: $range) {
      totals { count cost { sum } totalTokens { sum } }
      groups(first: 1, orderBy: { field: COST, aggregate: SUM, direction: DESC }) {
        dimensions { model }
        stats { cost { sum } }
      }
    }
  }
`);

export const overview: PageCase = {
  name: 'the overview',
  path: inRange('/'),
  async check({ page, running }) {
    const { requestLogAnalytics, llmCallAnalytics } = await running.ask(Totals, { range: FIXED_RANGE });
    const { count, cost, totalTokens } = llmCallAnalytics.totals;
    const stat = (title: string) => page.locator('.stat', { hasText: title });
    expect(count).toBeGreaterThan(10);
    await expect
      .poll(() => stat('Requests').textContent())
      .toContain(formatValue(requestLogAnalytics.totals.count, 'count'));
    await expect.poll(() => stat('Model calls').textContent()).toContain(formatValue(count, 'count'));
    await expect.poll(() => stat('Cost').textContent()).toContain(formatValue(cost.sum, 'usd'));
    await expect.poll(() => stat('Tokens').textContent()).toContain(formatValue(totalTokens.sum, 'tokens'));
    const [costliest] = llmCallAnalytics.groups;
    const first = page.getByRole('region', { name: 'Cost by model' }).locator('li').first();
    await expect.poll(() => first.textContent()).toContain(costliest?.dimensions.model);
    expect(await first.textContent()).toContain(formatValue(costliest?.stats.cost.sum, 'usd'));
    await page.getByRole('button', { name: 'Menu of Cost by model' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Download CSV' }).click(),
    ]);
    const [head, row] = (await readFile(await file.path(), 'utf8')).split('\r\n');
    expect(head).toBe('Name,Value (USD)');
    expect(row).toBe(`${costliest?.dimensions.model},${costliest?.stats.cost.sum}`);
  },
};
