import { MAX_GROUPS } from '../../analytics/create-analytics.ts';
import type { Group } from '../../analytics/spec.ts';
import { checkBetween } from '../../core/check-between.ts';
import { costOfGroups } from '../analytics/analytics-cost.ts';
import type { Context } from '../context.ts';
import { costs } from '../limits/field-cost.ts';
import { inPortions, microsecondsOfStats } from '../limits/in-portions.ts';
import { readsRowsOf } from '../read-scopes.ts';
import type { TypeRegistry } from '../type-registry.ts';
import { type FlatQuestion, flatArgs, namesOf, readQuestion, visibleTo, wantedOf } from './flat-question.ts';

const DEFAULT_ROWS = 100;

/** Adds `table`. */
export function addTable(types: TypeRegistry): void {
  const { datasets } = types;
  types.builder.queryField('table', (t) =>
    t.field({
      // The arguments decide which dataset is read, so the analytics of a read token check it.
      authScopes: readsRowsOf(),
      type: ['JSON'],
      description:
        'Numbers of a time range as flat rows: one row per combination of values of `groupBy`, or ' +
        'a single row without `groupBy`. Each row is an object whose keys are the entries of ' +
        '`groupBy` and `measures`: {"model": "gpt-4o", "cost": 12.5, "latencyMs.p95": 840}. Values ' +
        'that events lack and unknown numbers are null. Made for tables in dashboards such as ' +
        'Grafana. If data has expired, `extensions.kept` of the response says what the numbers ' +
        'cover. `{ table(dataset: llmCalls, from: 1764000000000, to: 1764086400000, measures: ' +
        '["cost"], groupBy: ["model"]) }`',
      args: {
        ...flatArgs(types),
        top: t.arg.int({
          defaultValue: DEFAULT_ROWS,
          description: 'Maximum number of rows, 1 to 1,000: the first by `orderBy`. The rest is omitted.',
        }),
      },
      extensions: costs(({ args, caller }) => {
        const question = readQuestion(args, { datasets, projectId: '' });
        const dimensions = namesOf(question);
        const groups = dimensions.length === 0 ? 1 : rowsOf(args.top);
        const scope = visibleTo(question.scope, caller);
        const { orderBy } = question;
        return {
          rows: costOfGroups({ ...scope, dimensions, measures: wantedOf(question), groups, orderBy }),
          whole: true,
        };
      }),
      resolve: async (_root, { top, ...args }, context) => {
        const question = readQuestion(args, { datasets, projectId: context.projectId });
        const groups = await readGroups(question, rowsOf(top), context);
        const rows = groups.map((group) => toRow(question, group));
        return inPortions(context, rows, microsecondsOfStats(question.numbers.length));
      },
    }),
  );
}

const rowsOf = (top: number | null | undefined): number =>
  checkBetween(top ?? DEFAULT_ROWS, MAX_GROUPS, 'top');

async function readGroups(
  question: FlatQuestion,
  first: number,
  { services: { analytics } }: Context,
): Promise<readonly Group[]> {
  const { scope, orderBy } = question;
  const names = namesOf(question);
  const wanted = wantedOf(question);
  if (names.length > 0)
    return (await analytics.groups(scope, wanted, { dimensions: names, orderBy, first })).value;
  return [{ dimensions: {}, stats: (await analytics.totals(scope, wanted)).value }];
}

function toRow({ dimensions, numbers }: FlatQuestion, group: Group): Readonly<Record<string, unknown>> {
  return Object.fromEntries([
    ...dimensions.map(({ text, name }) => [text, group.dimensions[name] ?? null]),
    ...numbers.map(({ text, read }) => [text, read(group.stats)]),
  ]);
}
