import { expect } from 'vitest';
import { formatValue } from '../../../web/src/format/value.ts';
import { graphql } from '../../generated/gql.ts';
import { FIXED_RANGE, inRange, type PageCase } from '../support/page-case.ts';
import { rowOf } from '../support/rows.ts';

const Models = graphql(/* GraphQL */ `
  query ModelsAsked($range: TimeRangeInput!) {
    modelStats(range: $range, first: 1) { model calls cost successRate }
  }
`);

const Model = graphql(/* GraphQL */ `
  query ModelAsked($range: TimeRangeInput!) {
    llmCallAnalytics(range: $range, filter: { provider: { eq: "openai" }, model: { eq: "gpt-4o" } }) {
      totals { count cost { sum } promptTokens { sum } }
    }
    prices(provider: "openai", model: "gpt-4o") { input }
  }
`);

const Users = graphql(/* GraphQL */ `
  query UsersAsked($range: TimeRangeInput!) {
    llmCallAnalytics(range: $range, filter: { endUser: { ne: null } }) {
      totals { countDistinct(dimension: END_USER) }
      groups(first: 1, orderBy: { field: COST, aggregate: SUM, direction: DESC }) {
        dimensions { endUser }
        stats { count cost { sum } }
      }
    }
  }
`);

const Techniques = graphql(/* GraphQL */ `
  query TechniquesAsked($range: TimeRangeInput!) {
    techniqueStats(range: $range, first: 1) { techniqueSuite uses }
  }
`);

export const models: PageCase = {
  name: 'models',
  path: inRange('/models'),
  async check({ page, running }) {
    const [busiest] = (await running.ask(Models, { range: FIXED_RANGE })).modelStats;
    const row = rowOf(page, 'Models', busiest?.model);
    await expect.poll(() => row.textContent()).toContain(formatValue(busiest?.calls, 'count', 'column'));
    const text = await row.textContent();
    expect(text).toContain(formatValue(busiest?.cost, 'usd', 'column'));
    expect(text).toContain(formatValue(busiest?.successRate, 'ratio', 'column'));
  },
};

export const model: PageCase = {
  name: 'one model with its prices',
  path: inRange('/models/one?provider=openai&model=gpt-4o'),
  async check({ page, running }) {
    const { llmCallAnalytics, prices } = await running.ask(Model, { range: FIXED_RANGE });
    const { count, cost, promptTokens } = llmCallAnalytics.totals;
    const stat = (title: string) => page.locator('.stat', { hasText: title }).first();
    await expect.poll(() => stat('Calls').textContent()).toContain(formatValue(count, 'count'));
    expect(await stat('Cost').textContent()).toContain(formatValue(cost.sum, 'usd'));
    expect(await stat('Prompt tokens').textContent()).toContain(formatValue(promptTokens.sum, 'tokens'));
    const table = page.getByRole('table', { name: 'Prices' });
    await expect.poll(() => table.textContent()).toContain(formatValue(prices[0]?.input, 'usd', 'column'));
  },
};

export const users: PageCase = {
  name: 'end users',
  path: inRange('/users'),
  async check({ page, running }) {
    const { totals, groups } = (await running.ask(Users, { range: FIXED_RANGE })).llmCallAnalytics;
    const stat = page.locator('.stat', { hasText: 'End users' });
    await expect.poll(() => stat.textContent()).toContain(formatValue(totals.countDistinct, 'count'));
    const row = rowOf(page, 'End users', groups[0]?.dimensions.endUser);
    expect(await row.textContent()).toContain(formatValue(groups[0]?.stats.cost.sum, 'usd', 'column'));
  },
};

export const user: PageCase = {
  name: 'one end user',
  path: inRange('/users/one?user=nobody'),
  async check({ page, running, show }) {
    const [first] = (await running.ask(Users, { range: FIXED_RANGE })).llmCallAnalytics.groups;
    await show(inRange(`/users/one?user=${first?.dimensions.endUser}`));
    const stat = (title: string) => page.locator('.stat', { hasText: title }).first();
    await expect.poll(() => stat('Calls').textContent()).toContain(formatValue(first?.stats.count, 'count'));
    expect(await stat('Cost').textContent()).toContain(formatValue(first?.stats.cost.sum, 'usd'));
  },
};

export const techniques: PageCase = {
  name: 'techniques',
  path: inRange('/techniques'),
  async check({ page, running }) {
    const [first] = (await running.ask(Techniques, { range: FIXED_RANGE })).techniqueStats;
    const row = rowOf(page, 'Techniques', first?.techniqueSuite);
    await expect.poll(() => row.textContent()).toContain(formatValue(first?.uses, 'count', 'column'));
  },
};
