import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGES } from '../../web/src/pages/pages.ts';
import { match } from '../../web/src/shell/routes.ts';
import { describeOneDatabase, describeOtherDatabases, type TestDatabase } from '../support/databases.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { cases } from './cases/all.ts';
import {
  type Dashboard,
  fillWithDemo,
  launchBrowser,
  openContext,
  openDashboard,
  WITHOUT_BROWSER,
} from './support/dashboard.ts';
import { seriousFindings } from './support/findings.ts';
import { answersOf, watchQuestions } from './support/questions.ts';

const NOW = Date.now();
// A key that a case creates must not lock out the others.
const startDemo = async (database: TestDatabase) => {
  const running = await startApp({ database, environment: { AUTH: 'disabled' } });
  await fillWithDemo(running, NOW);
  return running;
};

/** The queries of the pages about the fixed range, and the answers of the first database. */
let answers = new Map<string, unknown>();

if (WITHOUT_BROWSER !== null) {
  describe('the pages of the dashboard', () => {
    it.skip(WITHOUT_BROWSER ?? '', () => {});
  });
} else {
  it('has a case for every page', () => {
    const shown = new Set(cases.map(({ path }) => match(path.split('?')[0] ?? '')?.page.path));
    expect(PAGES.map(({ path }) => path).filter((path) => !shown.has(path))).toEqual([]);
  });

  describeOneDatabase('a page of the dashboard', (database) => {
    let running: TestApp;
    let browser: Browser;
    let dashboard: Dashboard;
    let questions: ReadonlySet<string>;
    beforeAll(async () => {
      [browser, running] = await Promise.all([launchBrowser(), startDemo(database)]);
      dashboard = await openDashboard(await openContext(browser), running);
      questions = watchQuestions(dashboard.page);
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
      expect(await seriousFindings(page)).toEqual([]);
    });

    it('sends queries that have answers', async () => {
      answers = await answersOf(running, questions);
      expect(answers.size).toBeGreaterThan(cases.length);
    });
  });

  // A page shows the answers of the API, so pages with the same answers are the same.
  describeOtherDatabases('a page of the dashboard', (database) => {
    it('gets the same answers', async () => {
      await using running = await startDemo(database);
      expect(await answersOf(running, answers.keys())).toEqual(answers);
    });
  });
}
