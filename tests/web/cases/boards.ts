import type { Route } from 'playwright-core';
import { expect } from 'vitest';
import { formatValue } from '../../../web/src/format/value.ts';
import { graphql } from '../../generated/gql.ts';
import { FIXED_RANGE, inRange, type PageCase } from '../support/page-case.ts';

const Calls = graphql(/* GraphQL */ `
  query CallsAsked($range: TimeRangeInput!) {
    llmCallAnalytics(range: $range, filter: { provider: { eq: "anthropic" } }) { totals { count cost { sum } } }
  }
`);

const Stored = graphql(/* GraphQL */ `
  query StoredBoard { board(boardId: "anthropic") { description panels { title } } }
`);

const CHANGE = /* GraphQL */ `
  mutation ($input: UpdateBoardInput!) { updateBoard(input: $input) { board { boardId } } }
`;
const MAKE = /* GraphQL */ `
  mutation ($input: CreateBoardInput!) { createBoard(input: $input) { board { boardId } } }
`;

export const boards: PageCase = {
  name: 'boards: one is created, and a query of Explore is added to it',
  path: '/boards',
  async check({ page, show }) {
    await page.getByRole('button', { name: 'New board' }).click();
    await page.getByLabel('Name').fill('Costs of a test');
    await page.getByRole('button', { name: 'Create the board' }).click();
    await expect.poll(() => new URL(page.url()).pathname).toBe('/boards/costs-of-a-test');
    await show('/explore?dataset=llmCalls&measures=cost&by=provider');
    await page.getByRole('button', { name: 'Add to a board' }).click();
    await page.getByLabel('Board', { exact: true }).selectOption('costs-of-a-test');
    await page.getByLabel('Title').fill('Cost by provider');
    await page.getByRole('button', { name: 'Add', exact: true }).last().click();
    await expect.poll(() => page.getByText('Added to Costs of a test.').count()).toBe(1);
    await show('/boards/costs-of-a-test');
    await expect.poll(() => page.getByRole('region', { name: 'Cost by provider' }).count()).toBe(1);
  },
};

export const board: PageCase = {
  name: 'a board with its panels',
  path: '/boards/none',
  async check({ page, running, show }) {
    await expect.poll(() => page.getByText('There is no such board').isVisible()).toBe(true);
    const filter = { provider: { eq: 'anthropic' } };
    await running.query(MAKE, {
      input: {
        boardId: 'anthropic',
        name: 'Anthropic',
        panels: [
          { title: 'In all', kind: 'STAT', dataset: 'llmCalls', measures: ['count', 'cost'], filter },
          {
            title: 'Models',
            kind: 'TABLE',
            dataset: 'llmCalls',
            measures: ['cost'],
            groupBy: ['model'],
            filter,
          },
          { title: 'Spread', kind: 'HEATMAP', dataset: 'llmCalls', measures: ['latencyMs'], filter },
        ],
      },
    });
    await show(inRange('/boards/anthropic'));
    const { count, cost } = (await running.ask(Calls, { range: FIXED_RANGE })).llmCallAnalytics.totals;
    const figures = page.getByRole('region', { name: 'In all' });
    await expect.poll(() => figures.textContent()).toContain(formatValue(count, 'count'));
    expect(await figures.textContent()).toContain(formatValue(cost.sum, 'usd'));
    await expect
      .poll(() => page.getByRole('region', { name: 'Spread' }).locator('canvas, svg').count())
      .toBeGreaterThan(0);

    // Successive changes, faster than the page reloads the board, are not a conflict.
    const stored = async () => (await running.ask(Stored)).board;
    await page.getByRole('button', { name: 'Edit' }).click();
    // The page does not load the board meanwhile.
    const isLoad = (route: Route) => route.request().postDataJSON()?.variables?.boardId !== undefined;
    await page.route('**/graphql', (route) => (isLoad(route) ? undefined : route.continue()));
    const first = page.locator('.board-panels > div').first();
    await page.getByRole('button', { name: 'Move Models up' }).click();
    await first.getByRole('button', { name: 'Move Models up' }).waitFor();
    await page.getByRole('button', { name: 'Move Spread up' }).click();
    await expect
      .poll(async () => (await stored())?.panels.map(({ title }) => title))
      .toEqual(['Models', 'Spread', 'In all']);
    await page.unroute('**/graphql');

    // Somebody else changes the board, and the page does not overwrite that without confirmation.
    await running.query(CHANGE, {
      input: { boardId: 'anthropic', description: 'Of somebody else', panels: [] },
    });
    await page.getByRole('button', { name: 'Move Models up' }).click();
    await page.getByText('Somebody else has changed this board').waitFor();
    expect((await stored())?.panels).toEqual([]);
    await page.getByRole('button', { name: 'Overwrite their changes' }).click();
    await expect
      .poll(async () => (await stored())?.panels.map(({ title }) => title))
      .toEqual(['Models', 'Spread', 'In all']);
    await page.getByRole('button', { name: 'Remove Spread' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the panel' }).click();
    await expect.poll(async () => (await stored())?.panels.length).toBe(2);
    expect(await stored()).toMatchObject({ description: 'Of somebody else' });
  },
};
