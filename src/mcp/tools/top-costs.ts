import * as z from 'zod';
import { llmCalls } from '../../declarations/llm/llm-calls.ts';
import { dataOf } from '../answers.ts';
import { ANSWERED_RANGE, type AnsweredRange, RANGE, rangeInput } from '../range.ts';
import { defineTool } from '../tool.ts';

const DIMENSIONS = llmCalls.dimensions.map(({ name }) => name);
const MAX_DIMENSIONS = 3;
const MAX_GROUPS = 100;

const COSTS = 'count cost { sum count } totalTokens { sum } errorRate';

/** What senders attach to events, by the kind of its name. */
const ATTACHED = {
  tag: { field: 'tag(key: $tag)', variable: '$tag: String!' },
  attribute: { field: 'attribute(path: $attribute)', variable: '$attribute: AttributePath!' },
} as const;

type Attached = Readonly<Record<keyof typeof ATTACHED, string | undefined>>;

function documentOf(by: readonly string[], names: Attached): string {
  const attached = (['tag', 'attribute'] as const).filter((kind) => names[kind] !== undefined);
  const dimensions = [...new Set(by), ...attached.map((kind) => ATTACHED[kind].field)].join(' ');
  const variables = attached.map((kind) => ATTACHED[kind].variable).join(' ');
  return `query TopCosts($range: TimeRangeInput!, $filter: LlmCallFilter, $first: Int! ${variables}) {
  llmCallAnalytics(range: $range, filter: $filter) {
    range { from to }
    totals { ${COSTS} }
    previous { totals { cost { sum } } }
    groups(first: $first, orderBy: { field: COST }) {
      dimensions { ${dimensions || 'model'} }
      stats { ${COSTS} }
    }
  }
}`;
}

const COST = {
  cost: z.number().nullable().describe('USD; null if no cost is known.'),
  calls: z.number().describe('Model calls.'),
  unpricedCalls: z.number().describe('Calls whose cost is unknown: `cost` excludes them.'),
  tokens: z.number().nullable(),
  errorRate: z.number().nullable().describe('Share of the calls that failed, 0 to 1.'),
};

/** `top_costs`: the cost of model calls, the most expensive groups first. */
export const topCosts = defineTool({
  name: 'top_costs',
  title: 'What costs most',
  description:
    'The cost of model calls in a range, most expensive first: by model, provider, endUser, ' +
    'agentId, service, release, or any other dimension, up to three together, such as ["agentId", ' +
    '"model"]; and by a tag or an attribute that senders attach.',
  input: z.strictObject({
    by: z
      .array(z.enum(DIMENSIONS))
      .max(MAX_DIMENSIONS)
      .default(['model'])
      .describe('The dimensions to group by.'),
    tag: z.string().optional().describe('Also group by this tag of the calls, such as "team".'),
    attribute: z
      .string()
      .optional()
      .describe('Also group by this attribute of the calls, by its path, such as "team".'),
    filter: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Only calls that match this `LlmCallFilter`: {"service": {"eq": "checkout"}}. Default: all.'),
    first: z.int().min(1).max(MAX_GROUPS).default(10).describe('How many groups.'),
    ...RANGE,
  }),
  output: z.object({
    range: ANSWERED_RANGE,
    total: z.object(COST).describe('Of all groups.'),
    costBefore: z.number().nullable().describe('USD in the range of the same length just before.'),
    groups: z.array(
      z.object({
        group: z.record(z.string(), z.unknown()).describe('The values of the dimensions.'),
        ...COST,
        share: z.number().nullable().describe('Share of the total cost, 0 to 1.'),
      }),
    ),
  }),
  async run({ by, tag, attribute, filter, first, ...range }, asker) {
    const { llmCallAnalytics: found } = await dataOf<Found>(asker, {
      query: documentOf(by, { tag, attribute }),
      variables: { range: rangeInput(range), filter, first, tag, attribute },
    });
    const total = costOf(found.totals);
    return {
      structured: {
        range: found.range,
        total,
        costBefore: found.previous.totals.cost.sum,
        groups: found.groups.map(({ dimensions: group, stats }) => {
          const cost = costOf(stats);
          return { group: { ...group }, ...cost, share: shareOf(cost.cost, total.cost) };
        }),
      },
    };
  },
});

interface Stats {
  readonly count: number;
  readonly cost: { readonly sum: number | null; readonly count: number };
  readonly totalTokens: { readonly sum: number | null };
  readonly errorRate: number | null;
}

interface Found {
  readonly llmCallAnalytics: {
    readonly range: AnsweredRange;
    readonly totals: Stats;
    readonly previous: { readonly totals: { readonly cost: { readonly sum: number | null } } };
    readonly groups: readonly {
      readonly dimensions: Readonly<Record<string, unknown>>;
      readonly stats: Stats;
    }[];
  };
}

function costOf({ count, cost, totalTokens, errorRate }: Stats) {
  return {
    cost: cost.sum,
    calls: count,
    unpricedCalls: count - cost.count,
    tokens: totalTokens.sum,
    errorRate,
  };
}

const shareOf = (part: number | null, whole: number | null): number | null =>
  part === null || whole === null || whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
