import { expect } from 'vitest';
import { formatValue } from '../../../web/src/format/value.ts';
import { graphql } from '../../generated/gql.ts';
import { FIXED_RANGE, inRange, type PageCase } from '../support/page-case.ts';
import { rowOf } from '../support/rows.ts';

const Generations = graphql(/* GraphQL */ `
  query GenerationsAsked($range: TimeRangeInput!) {
    generationAnalytics(range: $range) { totals { count successRate } }
    architectures(first: 1) { nodes { generationId name } }
  }
`);

const Metrics = graphql(/* GraphQL */ `
  query MetricsAsked {
    metrics(first: 1, orderBy: { field: NAME, direction: ASC }) { nodes { name trustScore owner } }
    tested: metrics(first: 1, filter: { testCount: { gt: 0 } }) {
      nodes { metricId name calculation validationTests(first: 1) { nodes { name } } }
    }
  }
`);

export const generations: PageCase = {
  name: 'generations, and a search of architectures',
  path: inRange('/generations'),
  async check({ page, running, show }) {
    const { generationAnalytics, architectures } = await running.ask(Generations, { range: FIXED_RANGE });
    const { count, successRate } = generationAnalytics.totals;
    const stat = (title: string) => page.locator('.stat', { hasText: title }).first();
    await expect.poll(() => stat('Generations').textContent()).toContain(formatValue(count, 'count'));
    expect(await stat('Succeeded').textContent()).toContain(formatValue(successRate, 'ratio'));
    const [word = ''] = architectures.nodes[0]?.name?.split(/\W+/) ?? [];
    await show(inRange(`/generations?q=${word}`));
    const mark = page.getByRole('region', { name: 'Results' }).locator('mark').first();
    await expect.poll(async () => (await mark.textContent())?.toLowerCase()).toBe(word.toLowerCase());
  },
};

export const architecture: PageCase = {
  name: 'one architecture',
  path: '/generations/none',
  async check({ page, running, show }) {
    await expect.poll(() => page.getByText('There is no such architecture').isVisible()).toBe(true);
    const [newest] = (await running.ask(Generations, { range: FIXED_RANGE })).architectures.nodes;
    await show(`/generations/${encodeURIComponent(newest?.generationId ?? '')}`);
    await expect.poll(() => page.locator('h1').textContent()).toContain(newest?.name);
    expect(await page.locator('.tree').count()).toBe(1);
  },
};

export const catalog: PageCase = {
  name: 'the catalog',
  path: '/catalog',
  async check({ page, running }) {
    const [first] = (await running.ask(Metrics)).metrics.nodes;
    const row = rowOf(page, 'Metrics', first?.name);
    await expect.poll(() => row.textContent()).toContain(first?.owner);
    expect(await row.textContent()).toContain(formatValue(first?.trustScore, 'number', 'column'));
  },
};

export const metric: PageCase = {
  name: 'one metric, and a run of its test',
  path: '/catalog/none',
  async check({ page, running, show }) {
    await expect.poll(() => page.getByText('There is no such metric').isVisible()).toBe(true);
    const [tested] = (await running.ask(Metrics)).tested.nodes;
    await show(`/catalog/${encodeURIComponent(tested?.metricId ?? '')}`);
    await expect.poll(() => page.locator('h1').textContent()).toContain(tested?.name);
    expect(await page.locator('pre').first().textContent()).toBe(tested?.calculation);
    const row = rowOf(page, 'Validation tests', tested?.validationTests.nodes[0]?.name);
    expect(await row.count()).toBe(1);
  },
};
