import * as z from 'zod';
import { byName, namesOf } from '../../core/named.ts';
import { dataOf } from '../answers.ts';
import { ANSWERED_RANGE, type AnsweredRange, RANGE, rangeBefore, rangeInput } from '../range.ts';
import { defineTool } from '../tool.ts';

/** Fields of the type `Summary`, and what they are. */
const FIGURES = {
  requests: 'requests that services answered',
  llmCalls: 'model calls',
  successRate: 'share of the model calls that succeeded, 0 to 1',
  tokens: 'tokens of the model calls',
  totalCost: 'cost of model calls and generations, in USD',
  unpricedLlmCalls: 'model calls whose cost is unknown: `totalCost` excludes them',
  averageLatencyMs: 'mean latency of a model call',
  p95LatencyMs: '95th percentile of the latency of a model call',
  cacheHitRate: 'share of the model calls that a cache answered, 0 to 1',
  errors: 'errors that services reported',
} as const;

type FigureName = keyof typeof FIGURES;
const FIGURE_NAMES = namesOf(FIGURES);
const FIGURES_TEXT = Object.entries(FIGURES)
  .map(([name, text]) => `${name}: ${text}.`)
  .join(' ');
type Figures = Readonly<Record<FigureName, number | null>> & { readonly range: AnsweredRange };

const SELECTION = `range { from to } ${FIGURE_NAMES.join(' ')}`;

const NOW = `query Summary($range: TimeRangeInput!) {
  summary(range: $range) { ${SELECTION} activeAgents openAlerts }
  health { status reasons }
  alerts(first: 10, filter: { status: { in: [OPEN, ACKNOWLEDGED] } }) {
    nodes { alertId severity title status raisedAt }
  }
}`;
const BEFORE = `query SummaryBefore($range: TimeRangeInput!) { summary(range: $range) { ${SELECTION} } }`;

const FIGURE = z.object({
  now: z.number().nullable().describe('The value in the range.'),
  before: z.number().nullable().describe('The value in the range of the same length just before.'),
  change: z.number().nullable().describe('The relative change, (now - before) / before; null if unknown.'),
});

const ALERT = z.object({
  alertId: z.string(),
  severity: z.string(),
  title: z.string(),
  status: z.string(),
  raisedAt: z.string(),
});

/** `summary`: the key figures of a range beside those of the previous range. */
export const summary = defineTool({
  name: 'summary',
  title: 'Summary of a time range',
  description:
    'The current state at a glance: requests, model calls, tokens, cost, latency and errors of a ' +
    'range, each compared with the range of the same length just before; the health now, with its ' +
    'reasons; and the alerts that are open now. Start here.',
  input: z.strictObject(RANGE),
  output: z.object({
    range: ANSWERED_RANGE,
    before: ANSWERED_RANGE,
    figures: z.record(z.enum(FIGURE_NAMES), FIGURE).describe(FIGURES_TEXT),
    activeAgents: z.number().describe('Agents that are active now.'),
    health: z.object({ status: z.string(), reasons: z.array(z.string()) }),
    openAlerts: z.number().describe('Alerts that are not resolved now.'),
    alerts: z.array(ALERT).describe('The ten newest open alerts; `explain_alert` explains one.'),
  }),
  async run(given, asker) {
    const now = await dataOf<Now>(asker, { query: NOW, variables: { range: rangeInput(given) } });
    const { range, activeAgents, openAlerts } = now.summary;
    const before = await dataOf<{ summary: Figures }>(asker, {
      query: BEFORE,
      variables: { range: rangeBefore(range) },
    });
    return {
      structured: {
        range,
        before: before.summary.range,
        figures: figuresOf(now.summary, before.summary),
        activeAgents,
        health: now.health,
        openAlerts,
        alerts: [...now.alerts.nodes],
      },
    };
  },
});

interface Now {
  readonly summary: Figures & { readonly activeAgents: number; readonly openAlerts: number };
  readonly health: { status: string; reasons: string[] };
  readonly alerts: { readonly nodes: readonly z.output<typeof ALERT>[] };
}

function figuresOf(now: Figures, before: Figures): Record<FigureName, z.output<typeof FIGURE>> {
  return byName(FIGURE_NAMES, (name) => ({
    now: now[name],
    before: before[name],
    change: changeOf(now[name], before[name]),
  }));
}

/** Null if either is unknown, or if the previous value is 0. */
function changeOf(now: number | null, before: number | null): number | null {
  if (now === null || before === null || before === 0) return null;
  return Math.round(((now - before) / before) * 10_000) / 10_000;
}
