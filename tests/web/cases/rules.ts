import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { formatValue } from '../../../web/src/format/value.ts';
import { openSpans } from '../../../web/src/pages/rule/open-spans.ts';
import { graphql } from '../../generated/gql.ts';
import { FIXED_RANGE, inRange, type PageCase } from '../support/page-case.ts';

const Rules = graphql(/* GraphQL */ `
  query RulesOfPage {
    alertRules(first: 50) { nodes { ruleId name enabled evaluatedAt evaluatedValue } }
  }
`);

const Rule = graphql(/* GraphQL */ `
  query RuleOfPage($ruleId: String!) {
    alertRule(ruleId: $ruleId) { name warning window groupBy for }
  }
`);

const Preview = graphql(/* GraphQL */ `
  query PreviewOfPage($input: PreviewAlertRuleInput!, $range: TimeRangeInput!) {
    previewAlertRule(input: $input, range: $range) { firingCount evaluations groups firings(first: 1000) { firedAt resolvedAt severity labels } }
  }
`);

const RemoveRule = graphql(/* GraphQL */ `
  mutation RemoveRuleOfPage($input: DeleteAlertRuleInput!) {
    deleteAlertRule(input: $input) { rule { id } }
  }
`);

export const rules: PageCase = {
  name: 'alert rules',
  path: '/rules',
  async check({ page, running }) {
    const { nodes } = (await running.ask(Rules)).alertRules;
    const rows = page.getByRole('region', { name: 'Rules', exact: true }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(nodes.length);
    const [first] = nodes;
    expect(first?.enabled).toBe(true);
    const toggle = rows.filter({ hasText: first?.name ?? '' }).getByRole('switch');
    const isEnabled = async () =>
      (await running.ask(Rules)).alertRules.nodes.find(({ ruleId }) => ruleId === first?.ruleId)?.enabled;
    // The value that it last measured, after it was evaluated.
    const [now] = (await running.ask(Rules)).alertRules.nodes;
    const measured = now?.evaluatedAt ? new RegExp(`${now.evaluatedValue ?? '–'}.* (ago|now)`) : /not yet/;
    await rows
      .filter({ hasText: first?.name ?? '' })
      .getByText(measured)
      .first()
      .waitFor();
    await toggle.click();
    await expect.poll(isEnabled).toBe(false);
    await expect.poll(() => toggle.getAttribute('aria-checked')).toBe('false');
    await toggle.click();
    await expect.poll(isEnabled).toBe(true);
  },
};

const stat = (page: Page, title: string) => page.locator('.stat', { hasText: title });

/** The rule that the form starts with, at a threshold that the demo's data passes. */
const TRIED = {
  dataset: 'requestLogs',
  aggregate: 'QUANTILE',
  measure: 'latencyMs',
  quantile: 0.95,
  window: 'PT15M',
  for: 'PT5M',
  comparator: 'GT',
  warning: 900,
  groupBy: ['service'],
} as const;

export const newRule: PageCase = {
  name: 'a new rule, tried on history',
  path: inRange('/rules/new'),
  async check({ page, running, show }) {
    const { previewAlertRule } = await running.ask(Preview, {
      input: { ...TRIED, groupBy: [...TRIED.groupBy] },
      range: FIXED_RANGE,
    });
    expect(previewAlertRule.firingCount).toBeGreaterThan(0);
    await page.getByLabel('Warning', { exact: true }).fill(String(TRIED.warning));
    const text = (title: string) => stat(page, title).first().textContent();
    await expect.poll(() => text('Alerts')).toContain(formatValue(previewAlertRule.firingCount, 'count'));
    expect(await text('Evaluations')).toContain(formatValue(previewAlertRule.evaluations, 'count'));
    expect(await text('Groups')).toContain(String(previewAlertRule.groups));
    const fired = page
      .getByRole('region', { name: 'Alerts that this rule would have raised', exact: true })
      .locator('tbody tr');
    await expect.poll(() => fired.count()).toBe(Math.min(previewAlertRule.firings.length, 200));
    // The chart shows the threshold, and tints each time with open alerts once.
    await page.locator('.chart-threshold', { hasText: 'warning 900' }).waitFor();
    const [from, to] = [FIXED_RANGE.from, FIXED_RANGE.to].map((time) => Date.parse(time)) as [number, number];
    const spans = openSpans(previewAlertRule.firings, { from, to });
    expect(await page.locator('.chart-span').count()).toBe(spans.length);

    // The error is shown at its field.
    await page.getByLabel('For each').fill('colour');
    await expect
      .poll(() => page.locator('.field', { hasText: 'For each' }).textContent())
      .toContain('no dimension "colour"');
    await page.getByLabel('For each').fill('service');

    await page.getByLabel('Name', { exact: true }).fill('Slow requests');
    await page.getByLabel('Id', { exact: true }).fill('slow-requests');
    await page.getByRole('button', { name: 'Create the rule' }).click();
    await page.getByRole('heading', { name: 'Slow requests', level: 1 }).waitFor();
    expect((await running.ask(Rule, { ruleId: 'slow-requests' })).alertRule).toEqual({
      name: 'Slow requests',
      warning: 900,
      window: 'PT15M',
      groupBy: ['service'],
      for: 'PT5M',
    });
    await running.ask(RemoveRule, { input: { ruleId: 'slow-requests' } });
    await show(inRange('/rules/new'));
  },
};

export const oneRule: PageCase = {
  name: 'one rule',
  path: inRange('/rules/provider-errors'),
  async check({ page, running }) {
    const { alertRule } = await running.ask(Rule, { ruleId: 'provider-errors' });
    await page.getByRole('heading', { name: alertRule?.name ?? '', level: 1 }).waitFor();
    expect(await page.getByLabel('Warning', { exact: true }).inputValue()).toBe(String(alertRule?.warning));
    expect(await page.getByLabel('Window').inputValue()).toBe('15m');
    await page.getByText('openai', { exact: true }).first().waitFor();
  },
};
