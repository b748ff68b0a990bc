import { expect, it } from 'vitest';
import { DEFAULT_PROJECT } from '../../../src/access/projects.ts';
import { LIVE_RULES, MONTH_RULES } from '../../../src/commands/demo/alert-rules.ts';
import { createRecorder, fillMonth } from '../../../src/commands/demo/fill.ts';
import { fillAlerts } from '../../../src/commands/demo/fill-alerts.ts';
import { planFill } from '../../../src/commands/demo/month.ts';
import { incidentOf } from '../../../src/commands/demo/rhythm.ts';
import { datasets } from '../../../src/declarations/registry.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startApp } from '../../support/start-app.ts';

const silent = { update: () => undefined, finish: () => undefined };
const HOUR_MS = 3_600_000;
/** Six days before was a Saturday, so the incident waits until Monday. */
const MONTH_MADE_AT = Date.parse('2026-11-27T17:23:45.678Z');

interface Shown {
  readonly alertRules: {
    readonly nodes: readonly { readonly ruleId: string; readonly problem: string | null }[];
  };
  readonly alerts: {
    readonly nodes: readonly {
      readonly ruleId: string;
      readonly labels: Readonly<Record<string, unknown>>;
      readonly severity: string;
      readonly status: string;
      readonly acknowledgedBy: string | null;
      readonly raisedAt: string;
      readonly resolvedAt: string;
    }[];
  };
}

const SHOWN = `{
  alertRules { nodes { ruleId problem } }
  alerts(orderBy: { field: SEQUENCE, direction: ASC }) {
    nodes { ruleId labels severity status acknowledgedBy raisedAt resolvedAt }
  }
}`;

describeEachDatabase('the alerts of the demo', (database) => {
  it('are those that its rules would have raised in the incident of the month', async () => {
    await using server = await startApp({ database });
    const recorder = createRecorder(server.app.services.ingest, DEFAULT_PROJECT, datasets);
    const { month } = planFill(null, MONTH_MADE_AT, { seed: 1, scale: 1 });
    const incident = incidentOf(month);
    const span = { from: incident.from - 2 * HOUR_MS, to: incident.to + HOUR_MS };
    /** Without current alerts: the server may evaluate rules at any moment. */
    const show = async (): Promise<Shown> => {
      const { alertRules, alerts } = await server.query<Shown>(SHOWN);
      const ofMonth = alerts.nodes.filter(({ raisedAt }) => Date.parse(raisedAt) < span.to);
      return { alertRules, alerts: { nodes: ofMonth } };
    };
    await fillMonth(
      { month, ...span },
      { recorder, progress: silent, stopped: new AbortController().signal },
    );
    await fillAlerts(server.app, span);
    const { alertRules, alerts } = await show();
    const ids = [...MONTH_RULES, ...LIVE_RULES].map(({ ruleId }) => ruleId);
    expect(alertRules.nodes.map(({ ruleId }) => ruleId).sort()).toEqual(ids.sort());
    expect(alertRules.nodes.every(({ problem }) => problem === null)).toBe(true);
    const ofErrors = alerts.nodes.filter(({ ruleId }) => ruleId === 'provider-errors');
    expect(ofErrors.length).toBeGreaterThan(0);
    for (const alert of ofErrors) {
      expect(alert).toMatchObject({ labels: { provider: 'anthropic' }, status: 'RESOLVED' });
      expect(Date.parse(alert.raisedAt)).toBeGreaterThan(incident.from);
      expect(Date.parse(alert.raisedAt)).toBeLessThan(incident.to);
    }
    const critical = ofErrors.find(({ severity }) => severity === 'CRITICAL');
    expect(critical?.acknowledgedBy).toBe('mei@acme.example');
    expect(Date.parse(critical?.resolvedAt as string)).toBeGreaterThan(incident.to);
    await fillAlerts(server.app, span);
    expect(await show()).toEqual({ alertRules, alerts });
  });
});
