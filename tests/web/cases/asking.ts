import { expect } from 'vitest';
import { formatValue } from '../../../web/src/format/value.ts';
import { graphql } from '../../generated/gql.ts';
import { FIXED_RANGE, inRange, type PageCase } from '../support/page-case.ts';
import { rowOf } from '../support/rows.ts';

const Asked = graphql(/* GraphQL */ `
  query CostsAsked($range: TimeRangeInput!) {
    llmCallAnalytics(range: $range, filter: { provider: { eq: "openai" } }) {
      groups(first: 1, orderBy: { field: COST, aggregate: SUM, direction: DESC }) {
        dimensions { model }
        stats { cost { sum } latencyMs { p95 } }
      }
    }
  }
`);

const RECORD = /* GraphQL */ `
  mutation ($input: [ErrorLogInput!]!) { recordErrorLogs(input: $input) { accepted } }
`;

export const explore: PageCase = {
  name: 'a custom query, with suggested values for its filter',
  path: inRange('/explore?dataset=llmCalls&measures=cost,latencyMs.p95&by=model'),
  async check({ page, running }) {
    await page.getByLabel('Field to filter by').selectOption('provider');
    const value = page.getByRole('combobox', { name: 'Value' });
    await value.click();
    await value.fill('opena');
    await page.getByRole('option', { name: /^openai/ }).click();
    await expect.poll(() => page.url()).toContain('where=');
    const [costliest] = (await running.ask(Asked, { range: FIXED_RANGE })).llmCallAnalytics.groups;
    const first = page.getByRole('table', { name: 'Answer' }).locator('tbody tr').first();
    await expect.poll(() => first.textContent()).toContain(costliest?.dimensions.model);
    await expect.poll(() => rowOf(page, 'Answer', 'gemini').count()).toBe(0);
    const text = await first.textContent();
    expect(text).toContain(formatValue(costliest?.stats.cost.sum, 'usd', 'column'));
    expect(text).toContain(formatValue(costliest?.stats.latencyMs.p95, 'ms', 'column'));
    await page.goBack();
    await expect.poll(() => rowOf(page, 'Answer', 'gemini').count()).toBe(1);
  },
};

export const live: PageCase = {
  name: 'a live tail with a filter',
  path: `/live?dataset=errorLogs&where=${encodeURIComponent('[["service","eq","tail-test"]]')}`,
  async check({ page, running }) {
    await expect.poll(() => page.getByText('Waiting for events').count()).toBe(1);
    await running.waitForSubscriptions(1);
    const error = { service: 'tail-test', errorType: 'SeenLive', errorMessage: 'An error that is seen live' };
    await running.query(RECORD, { input: [error, { ...error, service: 'another', errorType: 'NotSeen' }] });
    await expect.poll(() => rowOf(page, 'Newest events', 'SeenLive').count()).toBe(1);
    expect(await page.getByText('NotSeen').count()).toBe(0);
  },
};
