import { expect } from 'vitest';
import { formatValue } from '../../../web/src/format/value.ts';
import { graphql } from '../../generated/gql.ts';
import type { PageCase } from '../support/page-case.ts';

const Keys = graphql(/* GraphQL */ `
  query KeysOfPage {
    apiKeys(first: 20) { nodes { name scopes expiresAt revokedAt } }
  }
`);

const Settings = graphql(/* GraphQL */ `
  query SettingsOfPage {
    retentionPolicies { dataset rowDays source }
    projects(first: 20) { nodes { projectId deletingAt } }
    costCorrections(first: 5) { nodes { status dryRun } }
    schemaVersion { current }
    tables { table rows }
    projectPrices(first: 20) { nodes { provider model input } }
  }
`);

const Backups = graphql(/* GraphQL */ `
  query BackupsOfPage { backups { state reason } }
`);

export const settings: PageCase = {
  name: 'settings',
  path: '/settings',
  async check({ page, running, show }) {
    const dialog = page.getByRole('dialog');
    const panel = (name: string) => page.getByRole('region', { name, exact: true });

    await panel('Default quotas')
      .locator('tbody tr', { hasText: 'each IP address' })
      .getByText('no quota')
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'New key' }).click();
    await dialog.getByLabel('Name').fill('pages');
    await dialog.getByLabel(/^ADMIN/).uncheck();
    await dialog.getByLabel(/^READ/).check();
    await dialog.getByLabel('Valid for').fill('1h');
    const create = dialog.getByRole('button', { name: 'Create the key' });
    await create.click();
    // The error is shown at its field.
    await dialog.getByText('A key for all projects needs the scope ADMIN.').waitFor();
    await dialog.getByLabel('Project').fill('default');
    await create.click();
    expect(await dialog.getByLabel('The key').inputValue()).toMatch(/^tlt_/);
    await dialog.getByRole('button', { name: 'I have stored it' }).click();
    const [made] = (await running.ask(Keys)).apiKeys.nodes;
    expect(made).toMatchObject({ name: 'pages', scopes: ['READ'], revokedAt: null });
    const row = panel('API keys').locator('tbody tr', { hasText: 'pages' });
    await row.getByRole('button', { name: 'Revoke' }).click();
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await row.getByText('revoked').waitFor();
    expect((await running.ask(Keys)).apiKeys.nodes[0]?.revokedAt).not.toBeNull();

    const before = await running.ask(Settings);
    await show('/settings?tab=retention');
    const policy = (dataset: string) =>
      panel('How long data is kept').locator('tbody tr', { hasText: dataset });
    const samples = before.retentionPolicies.find(({ dataset }) => dataset === 'healthSamples');
    await expect.poll(() => policy('healthSamples').textContent()).toContain(`${samples?.rowDays} days`);

    await show('/settings?tab=prices');
    await page.getByRole('button', { name: 'Set a price' }).first().click();
    await dialog.getByLabel('Provider').fill('acme');
    await dialog.getByLabel('Model').fill('acme-1');
    const set = dialog.getByRole('button', { name: 'Set the price' });
    await set.click();
    // The server says what is missing.
    await dialog.locator('.field-error').waitFor();
    await dialog.getByLabel('Prompt', { exact: true }).fill('3');
    await set.click();
    await panel('Prices of this project').getByText('acme / acme-1').waitFor();
    expect((await running.ask(Settings)).projectPrices.nodes).toContainEqual({
      provider: 'acme',
      model: 'acme-1',
      input: 3,
    });

    // Only a correction that was tried before can be made.
    await page.getByRole('button', { name: 'Recompute costs' }).click();
    await dialog.getByLabel('Provider').fill('acme');
    await dialog.getByRole('button', { name: 'Try it first' }).click();
    await dialog.getByText('0 of 0 calls would have another cost').waitFor();
    await dialog.getByRole('button', { name: 'Change the costs' }).click();
    const statuses = async () =>
      (await running.ask(Settings)).costCorrections.nodes.map(({ status, dryRun }) => ({ status, dryRun }));
    await expect.poll(statuses).toEqual([false, true].map((dryRun) => ({ status: 'DONE', dryRun })));

    await show('/settings?tab=storage');
    const requests = before.tables.find(({ table }) => table === 'request_logs');
    await expect
      .poll(() => panel('Tables').locator('tbody tr', { hasText: 'request_logs' }).textContent())
      .toContain(formatValue(requests?.rows, 'count'));
    await panel('Database schema').getByText(before.schemaVersion.current).first().waitFor();
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('Everything is in order').waitFor();

    await show('/settings?tab=projects');
    const projects = panel('Projects').locator('tbody tr');
    await expect.poll(() => projects.count()).toBe(before.projects.nodes.length);
    await page.getByRole('button', { name: 'New project' }).click();
    await dialog.getByLabel('Id', { exact: true }).fill('short-lived');
    await dialog.getByLabel('Name').fill('Short-lived');
    await dialog.getByRole('button', { name: 'Create the project' }).click();
    await projects.filter({ hasText: 'short-lived' }).getByRole('button', { name: 'Delete' }).click();
    const doom = dialog.getByRole('button', { name: 'Delete everything' });
    expect(await doom.isDisabled()).toBe(true);
    await dialog.getByLabel('Type "short-lived" to confirm').fill('short-lived');
    await doom.click();
    const isThere = async () =>
      (await running.ask(Settings)).projects.nodes.some(
        ({ projectId, deletingAt }) => projectId === 'short-lived' && deletingAt === null,
      );
    await expect.poll(isThere).toBe(false);
    await show('/settings?tab=tokens');
    await page.getByRole('button', { name: 'Create the token' }).click();
    await page.getByLabel(/^Send it as/).waitFor();
    await show('/settings?tab=otlp');
    await page.getByText('Nothing has arrived over OTLP').waitFor();
    await show('/settings?tab=backups');
    // A backup of PostgreSQL needs pg_dump, which may be missing.
    if (!running.databaseUrl.startsWith('file:')) return;
    await page.getByRole('button', { name: 'Create a backup' }).click();
    await panel('Backups').locator('tbody tr', { hasText: 'verified' }).waitFor();
    const { backups } = await running.ask(Backups);
    expect(backups).toMatchObject([{ state: 'VERIFIED', reason: 'MUTATION' }]);
  },
};
