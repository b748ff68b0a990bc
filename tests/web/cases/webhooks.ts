import { expect } from 'vitest';
import { graphql } from '../../generated/gql.ts';
import type { PageCase } from '../support/page-case.ts';

const Webhook = graphql(/* GraphQL */ `
  query WebhookOfPage($webhookId: String!) {
    webhook(webhookId: $webhookId) { url minSeverity previousSecretUntil }
    alertDeliveries(first: 5, filter: { webhookId: { eq: $webhookId } }) { nodes { event } }
  }
`);

export const webhooks: PageCase = {
  name: 'webhooks',
  path: '/webhooks',
  async check({ page, running }) {
    const webhookId = 'pages-on-call';
    const url = 'https://on-call.invalid/hook';
    await page.getByText('No webhooks').waitFor();
    await page.getByRole('button', { name: 'New webhook' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Id', { exact: true }).fill(webhookId);
    // The error is shown at its field.
    await dialog.getByLabel('Address').fill('on-call');
    const create = dialog.getByRole('button', { name: 'Create the webhook' });
    await create.click();
    await expect
      .poll(() => dialog.locator('.field', { hasText: 'Address' }).locator('.field-error').count())
      .toBe(1);
    await dialog.getByLabel('Address').fill(url);
    await dialog.getByLabel('Receives').selectOption('CRITICAL');
    await create.click();
    expect(await dialog.getByLabel('The key that signs the calls').inputValue()).toMatch(/^whsec_/);
    await dialog.getByRole('button', { name: 'I have stored it' }).click();
    expect((await running.ask(Webhook, { webhookId })).webhook).toEqual({
      ...{ url, minSeverity: 'CRITICAL', previousSecretUntil: null },
    });

    await page.getByRole('button', { name: webhookId }).click();
    await dialog.getByRole('button', { name: 'Send a test' }).click();
    await expect
      .poll(() => dialog.getByRole('region', { name: 'Newest deliveries' }).locator('tbody tr').count())
      .toBeGreaterThan(0);
    const { alertDeliveries } = await running.ask(Webhook, { webhookId });
    expect(alertDeliveries.nodes[0]?.event).toBe('TEST');

    await dialog.getByRole('button', { name: 'Rotate the secret' }).click();
    const asked = page.getByRole('dialog', { name: 'Rotate the secret?' });
    await asked.getByRole('button', { name: 'Create a new secret' }).click();
    expect(await dialog.getByLabel('The new key that signs the calls').inputValue()).toMatch(/^whsec_/);
    await dialog.getByRole('button', { name: 'I have stored it' }).click();
    expect((await running.ask(Webhook, { webhookId })).webhook?.previousSecretUntil).not.toBeNull();

    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await page
      .getByRole('dialog', { name: 'Delete the webhook?' })
      .getByRole('button', { name: 'Delete' })
      .click();
    await page.getByText('No webhooks').waitFor();
    expect((await running.ask(Webhook, { webhookId })).webhook).toBeNull();
  },
};
