import type { Columns } from '../columns/columns.ts';
import { type ColumnsCopy, createReadColumns } from '../columns/read-columns.ts';
import { filterFields } from '../core/filter.ts';
import type { ColumnsState, Plan } from './plan.ts';
import type { QuerySpec } from './spec.ts';

/** What decides whether the columnar copy holds all that a question uses. */
type Asked = Pick<QuerySpec, 'dataset' | 'filter' | 'dimensions' | 'measures'>;

interface Attempt<Question, Found> {
  /** Plans for this state of the columns. */
  plan(columns: ColumnsState): Question;
  /** Reads what the plan says. */
  read(question: Question): Promise<Found>;
}

/**
 * Answers a question, from the columnar copy if the planner chooses it. Waits for the copy only in
 * that case. If the copy cannot answer, at first or halfway, the question is planned and read again
 * without it.
 */
export type AskColumns = <Question extends { readonly plan: Plan }, Found>(
  asked: Asked,
  attempt: Attempt<Question, Found>,
) => Promise<Found>;

/**
 * @param columns null: there are none.
 * @param beforeReading called before the columns are read
 */
export function createAskColumns(columns: ColumnsCopy | null, beforeReading: () => void): AskColumns {
  if (columns === null) return (_asked, { plan, read }) => read(plan(null));
  const { copy } = columns;
  const readColumns = createReadColumns(columns);
  return async (asked, { plan, read }) => {
    const lacking = whatLacks(copy, asked);
    if (lacking !== null) return read(plan({ why: `the columns do not hold ${lacking}` }));
    const question = plan('READY');
    if (!question.plan.segments.some(({ source }) => source === 'COLUMNS')) return read(question);
    beforeReading();
    const answer = await readColumns(asked.dataset, () => read(question));
    return 'why' in answer ? read(plan({ why: answer.why })) : answer.found;
  };
}

/** The fields of the question that the copy lacks, or its dataset; null if it holds all. */
function whatLacks(copy: Columns, asked: Asked): string | null {
  const { dataset } = asked;
  const fields = fieldsOf(asked);
  if (copy.holds(dataset, fields)) return null;
  return fields.filter((field) => !copy.holds(dataset, [field])).join(', ') || dataset.name;
}

function fieldsOf({ filter, dimensions, measures }: Asked): string[] {
  const filtered = filter === null ? [] : filterFields(filter);
  return [...new Set([...filtered, ...dimensions, ...measures.map(({ measure }) => measure)])];
}
