import type { PageCase } from '../support/page-case.ts';
import { alerts } from './alerts.ts';
import { health } from './health.ts';
import { overview } from './overview.ts';
import { newRule, oneRule, rules } from './rules.ts';
import { settings } from './settings.ts';
import { webhooks } from './webhooks.ts';

/** A case for each page. */
export const cases: readonly PageCase[] = [
  overview,
  alerts,
  rules,
  newRule,
  oneRule,
  webhooks,
  health,
  settings,
];
