import type { Page } from 'playwright-core';
import type { TestApp } from '../../support/start-app.ts';

/** The tools for the case of a page. */
export interface Shown {
  readonly page: Page;
  /** The server, which the case queries for the same data as the page shows. */
  readonly running: TestApp;
  /** Goes to another path, and waits until nothing is loading. */
  show(path: string): Promise<void>;
}

/**
 * The case of one page of the dashboard, with the data of the demo: the page shows the answers of
 * the API.
 */
export interface PageCase {
  readonly name: string;
  readonly path: string;
  check(shown: Shown): Promise<void>;
}

/** A range in the past, so that the numbers do not change between the page and the test. */
export const FIXED_RANGE = (() => {
  const to = new Date(Date.now() - 3_600_000);
  to.setUTCMinutes(0, 0, 0);
  const from = new Date(to.getTime() - 24 * 3_600_000);
  return { from: from.toISOString().replace('.000Z', 'Z'), to: to.toISOString().replace('.000Z', 'Z') };
})();

/** The path of a page with this range. */
export const inRange = (path: string): string =>
  `${path}${path.includes('?') ? '&' : '?'}range=${FIXED_RANGE.from}..${FIXED_RANGE.to}`;
