import { expect } from 'vitest';
import { formatValue } from '../../../web/src/format/value.ts';
import { graphql } from '../../generated/gql.ts';
import { FIXED_RANGE, inRange, type PageCase } from '../support/page-case.ts';
import { rowOf } from '../support/rows.ts';

const Problems = graphql(/* GraphQL */ `
  query ProblemsAsked($range: TimeRangeInput!) {
    errorGroups(range: $range, first: 1) {
      groupCount
      groups { fingerprint errorType count sample { errorMessage } }
    }
  }
`);

async function commonest(running: Parameters<PageCase['check']>[0]['running']) {
  const { errorGroups } = await running.ask(Problems, { range: FIXED_RANGE });
  const [first] = errorGroups.groups;
  if (first === undefined) throw new Error('The demo has no error.');
  return { ...first, groupCount: errorGroups.groupCount };
}

export const errors: PageCase = {
  name: 'errors by problem',
  path: inRange('/errors'),
  async check({ page, running }) {
    const { errorType, count, groupCount } = await commonest(running);
    const row = rowOf(page, 'Problems', errorType);
    await expect.poll(() => row.textContent()).toContain(formatValue(count, 'count', 'column'));
    expect(await page.getByText(`${groupCount} problems`).isVisible()).toBe(true);
  },
};

export const error: PageCase = {
  name: 'one problem',
  path: inRange('/errors/none'),
  async check({ page, running, show }) {
    const { fingerprint, errorType } = await commonest(running);
    await show(inRange(`/errors/${encodeURIComponent(fingerprint)}`));
    await expect.poll(() => page.locator('h1').textContent()).toContain(errorType);
    const table = page.getByRole('table', { name: 'Errors' });
    await expect.poll(() => table.locator('tbody tr').count()).toBeGreaterThan(0);
  },
};
