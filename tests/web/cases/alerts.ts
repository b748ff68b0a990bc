import { expect } from 'vitest';
import { graphql } from '../../generated/gql.ts';
import type { PageCase } from '../support/page-case.ts';

const OpenAlerts = graphql(/* GraphQL */ `
  query OpenAlertsOfPage {
    alerts(first: 500, filter: { status: { eq: OPEN } }) { totalCount nodes { alertId title } }
  }
`);

const Raise = graphql(/* GraphQL */ `
  mutation RaiseForPage($input: RaiseAlertInput!) {
    raiseAlert(input: $input) { alert { alertId } }
  }
`);

const StateOf = graphql(/* GraphQL */ `
  query AlertOfPage($alertId: String!) {
    alert(alertId: $alertId) { status acknowledgedBy resolvedBy }
  }
`);

export const alerts: PageCase = {
  name: 'alerts',
  path: '/alerts',
  async check({ page, running }) {
    const { alerts: before } = await running.ask(OpenAlerts);
    const rows = page.getByRole('region', { name: 'Alerts', exact: true }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(Math.min(before.totalCount, 50));

    // A new alert appears without a reload, and can be acknowledged.
    const alertId = 'disk-of-db-7';
    const title = 'The disk of db-7 is nearly full';
    const input = {
      alertId,
      title,
      message: '97 % are in use.',
      severity: 'CRITICAL',
      type: 'SYSTEM',
    } as const;
    await running.waitForSubscriptions(2);
    await running.ask(Raise, { input });
    const row = rows.filter({ hasText: title });
    await row.getByRole('button').click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.textContent()).toContain('Alert');
    await dialog.getByText('97 % are in use.').waitFor();
    expect(new URL(page.url()).searchParams.get('alert')).toBe(alertId);
    await dialog.getByLabel('Your name').fill('ana');
    await dialog.getByRole('button', { name: 'Acknowledge' }).click();
    await dialog.getByText('acknowledged', { exact: true }).waitFor();
    expect((await running.ask(StateOf, { alertId })).alert).toMatchObject({
      status: 'ACKNOWLEDGED',
      acknowledgedBy: 'ana',
    });
    await dialog.getByRole('button', { name: 'Resolve' }).click();
    await dialog.getByText('resolved', { exact: true }).waitFor();
    expect((await running.ask(StateOf, { alertId })).alert).toMatchObject({
      status: 'RESOLVED',
      resolvedBy: 'ana',
    });
    await dialog.getByRole('button', { name: 'Close' }).click();
    // The alert is no longer open, so the list is the same as before.
    await expect.poll(() => row.count()).toBe(0);
  },
};
