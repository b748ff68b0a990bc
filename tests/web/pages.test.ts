import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGES } from '../../web/src/pages/pages.ts';
import { match } from '../../web/src/shell/routes.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { cases } from './cases/all.ts';
import {
  type Dashboard,
  fillWithDemo,
  launchBrowser,
  openDashboard,
  WITHOUT_BROWSER,
} from './support/dashboard.ts';

if (WITHOUT_BROWSER !== null) {
  describe('the pages of the dashboard', () => {
    it.skip(WITHOUT_BROWSER ?? '', () => {});
  });
} else {
  it('has a case for every page', () => {
    const shown = new Set(cases.map(({ path }) => match(path.split('?')[0] ?? '')?.page.path));
    expect(PAGES.map(({ path }) => path).filter((path) => !shown.has(path))).toEqual([]);
  });

  describeEachDatabase('a page of the dashboard', ({ dialect, ...database }) => {
    let running: TestApp;
    let browser: Browser;
    let dashboard: Dashboard;
    beforeAll(async () => {
      // A key that a case creates must not lock out the others.
      running = await startApp({ database: { dialect, ...database }, environment: { AUTH: 'disabled' } });
      [browser] = await Promise.all([launchBrowser(), fillWithDemo(running)]);
      dashboard = await openDashboard(browser, running);
    });
    afterAll(async () => {
      await browser?.close();
      await running?.[Symbol.asyncDispose]();
    });

    it.each(cases)('shows what the API answers: $name', async ({ path, check }) => {
      const { page, show, problems } = dashboard;
      const before = problems.length;
      await show(path);
      await check({ page, running, show });
      expect(problems.slice(before)).toEqual([]);
      // The page is the same on both databases.
      if (dialect === 'sqlite') expect(await seriousFindings(dashboard)).toEqual([]);
    });
  });
}

/** What keeps people from using the page, as axe-core finds it. */
async function seriousFindings({ page }: Dashboard): Promise<string[]> {
  await page.evaluate(`window.axe === undefined && (() => { ${axe.source} })()`);
  const { violations } = await page.evaluate<{
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  }>('window.axe.run(document, { resultTypes: ["violations"] })');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
}
