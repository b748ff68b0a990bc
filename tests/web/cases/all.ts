import type { PageCase } from '../support/page-case.ts';
import { agent, agents, commits, rag, session, sessions, task, tasks } from './agents.ts';
import { alerts } from './alerts.ts';
import { explore, live } from './asking.ts';
import { board, boards } from './boards.ts';
import { architecture, catalog, generations, metric } from './catalog.ts';
import { error, errors } from './errors.ts';
import { health } from './health.ts';
import { model, models, techniques, user, users } from './models.ts';
import { overview } from './overview.ts';
import { newRule, oneRule, rules } from './rules.ts';
import { settings } from './settings.ts';
import { request, requests, service, services } from './traffic.ts';
import { webhooks } from './webhooks.ts';

/** A case for each page. */
export const cases: readonly PageCase[] = [
  overview,
  ...[services, service, requests, request],
  ...[errors, error],
  ...[models, model, users, user, techniques],
  ...[generations, architecture, catalog, metric],
  ...[agents, agent, sessions, session, tasks, task, commits, rag],
  ...[explore, live, boards, board],
  alerts,
  rules,
  newRule,
  oneRule,
  webhooks,
  health,
  settings,
];
