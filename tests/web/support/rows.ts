import type { Locator, Page } from 'playwright-core';

/** The first row that contains a text, in the table with a caption. */
export const rowOf = (page: Page, caption: string, text: string | null | undefined): Locator =>
  page
    .getByRole('table', { name: caption })
    .locator('tbody tr', { hasText: text ?? 'nothing' })
    .first();
