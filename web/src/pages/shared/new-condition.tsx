import { useSignal } from '@preact/signals';
import { ask as askServer } from '../../data/ask.ts';
import { graphql } from '../../data/graphql.ts';
import { formatValue } from '../../format/value.ts';
import type { DatasetName } from '../../generated/graphql.ts';
import { Button } from '../../parts/button.tsx';
import { Combobox } from '../../parts/combobox.tsx';
import { Row } from '../../parts/row.tsx';
import { Select } from '../../parts/select.tsx';
import { bounds } from '../../state/view.ts';
import { type Condition, filterOf, writtenOf } from './conditions.ts';
import type { Field } from './dataset-fields.ts';

const Offered = graphql(`
  query OfferedValues($dataset: DatasetName!, $from: Float!, $to: Float!, $by: [String!]!, $filter: JSON) {
    table(dataset: $dataset, from: $from, to: $to, measures: ["count"], groupBy: $by, filter: $filter, top: 20)
  }
`);

const OPERATORS = ['eq', 'ne', 'in', 'contains', 'gt', 'gte', 'lt', 'lte'];

export interface NewConditionProps {
  readonly dataset: DatasetName;
  readonly dimensions: readonly Field[];
  readonly measures: readonly Field[];
  /** The existing conditions. Suggested values match them. */
  readonly where: readonly Condition[];
  readonly onAdd: (condition: Condition) => void;
}

/**
 * Adds a condition to the filter. Suggests values while the user types: those that occur in the
 * range.
 */
export function NewCondition({ dataset, dimensions, measures, where, onAdd }: NewConditionProps) {
  const field = useSignal('');
  const operator = useSignal('eq');
  const value = useSignal('');
  const offered = useSignal<readonly { value: string; detail: string }[]>([]);
  const isDimension = dimensions.some(({ name }) => name === field.value);

  const offer = async (text: string) => {
    value.value = text;
    if (!isDimension) return;
    const of = field.value;
    const found = await offeredValues({ dataset, where }, of, text).catch(() => []);
    // Unless the user has meanwhile typed more, or chosen another field.
    if (value.peek() === text && field.peek() === of) offered.value = found;
  };
  const add = (text: string) => {
    if (field.value === '' || text === '') return;
    onAdd([field.value, operator.value, text]);
    value.value = '';
  };
  return (
    <Row gap="tight">
      <Select
        label="Field to filter by"
        value={field.value}
        options={[
          { value: '', label: 'Filter by…' },
          ...[...dimensions, ...measures].map(({ name }) => ({ value: name })),
        ]}
        onChange={(name) => {
          field.value = name;
          offered.value = [];
        }}
      />
      {field.value !== '' && (
        <>
          <Select
            label="Operator"
            value={operator.value}
            options={OPERATORS.map((name) => ({ value: name }))}
            onChange={(name) => {
              operator.value = name;
            }}
          />
          <Combobox
            label="Value"
            placeholder="Value"
            value={value.value}
            options={offered.value}
            onQuery={offer}
            onChange={add}
          />
          <Button icon="plus" onClick={() => add(value.value)}>
            Add the filter
          </Button>
        </>
      )}
    </Row>
  );
}

async function offeredValues(
  { dataset, where }: Pick<NewConditionProps, 'dataset' | 'where'>,
  field: string,
  text: string,
) {
  const containing = text === '' ? [] : [[field, 'contains', text] as const];
  const { table } = await askServer(Offered, {
    dataset,
    ...bounds.peek(),
    by: [field],
    filter: filterOf([...where, ...containing]),
  });
  return table.flatMap((row) => {
    const { [field]: value, count } = row as Record<string, unknown>;
    return value === null ? [] : [{ value: writtenOf(value), detail: formatValue(Number(count), 'count') }];
  });
}
