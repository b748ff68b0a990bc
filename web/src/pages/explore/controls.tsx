import { useSignal } from '@preact/signals';
import type { DatasetName } from '../../generated/graphql.ts';
import { Button } from '../../parts/button.tsx';
import { FilterChips } from '../../parts/filter-chips.tsx';
import { Row } from '../../parts/row.tsx';
import { Select } from '../../parts/select.tsx';
import { Toggle } from '../../parts/toggle.tsx';
import { useFields } from '../shared/dataset-fields.ts';
import { DATASETS } from '../shared/datasets.ts';
import { NewCondition } from '../shared/new-condition.tsx';
import { ask, question } from './question.ts';

const AGGREGATES = ['sum', 'avg', 'p50', 'p95', 'p99', 'min', 'max', 'count'];

const GRAINS = [
  { value: '', label: 'Grain: automatic' },
  { value: '60000', label: 'Minutes' },
  { value: '300000', label: '5 minutes' },
  { value: '3600000', label: 'Hours' },
  { value: '86400000', label: 'Days' },
  { value: '604800000', label: 'Weeks' },
];

/** The question: the dataset, its numbers, its groups and its filters. */
export function Controls({ dataset }: { dataset: DatasetName }) {
  const { dimensions, measures, rates } = useFields(dataset);
  const { measures: chosen, groupBy, where, compare, intervalMs } = question();
  return (
    <section class="explore-controls" aria-label="Question">
      <Row>
        <Select
          label="Dataset"
          value={dataset}
          options={DATASETS.map((name) => ({ value: name }))}
          onChange={(name) => ask({ dataset: name as DatasetName, measures: [], groupBy: [], where: [] })}
        />
        <NewMeasure
          names={['count', ...rates, ...measures.map(({ name }) => name)]}
          onAdd={(name) =>
            ask({
              measures: [...new Set([...chosen.filter((one) => one !== 'count' || name === 'count'), name])],
            })
          }
        />
        <Select
          label="Group by"
          value=""
          options={[
            { value: '', label: 'Group by…' },
            ...dimensions.filter(({ name }) => !groupBy.includes(name)).map(({ name }) => ({ value: name })),
          ]}
          onChange={(name) => ask({ groupBy: [...groupBy, name].slice(0, 5) })}
        />
        <Select
          label="Grain"
          value={String(intervalMs ?? '')}
          options={GRAINS}
          onChange={(ms) => ask({ intervalMs: ms === '' ? null : Number(ms) })}
        />
        <Toggle label="Previous range" checked={compare} onChange={(on) => ask({ compare: on })} />
      </Row>
      <NewCondition
        {...{ dimensions, measures, where }}
        dataset={dataset}
        onAdd={(condition) => ask({ where: [...where, condition] })}
      />
      <FilterChips
        filters={[
          ...chosen.map((name) => ({ key: `measure ${name}`, label: 'number', operator: '', value: name })),
          ...groupBy.map((name) => ({ key: `group ${name}`, label: 'by', operator: '', value: name })),
          ...where.map(([field, operator, value]) => ({
            key: `where ${field} ${operator} ${value}`,
            label: field,
            operator,
            value,
          })),
        ]}
        onRemove={({ key }) =>
          ask({
            measures: chosen.filter((name) => key !== `measure ${name}`),
            groupBy: groupBy.filter((name) => key !== `group ${name}`),
            where: where.filter(([field, operator, value]) => key !== `where ${field} ${operator} ${value}`),
          })
        }
      />
    </section>
  );
}

function NewMeasure({ names, onAdd }: { names: readonly string[]; onAdd: (measure: string) => void }) {
  const name = useSignal('');
  const aggregate = useSignal('sum');
  const isWhole = /^(count|.*Rate)$/.test(name.value);
  return (
    <>
      <Select
        label="Number"
        value={name.value}
        options={[{ value: '', label: 'Add a number…' }, ...names.map((value) => ({ value }))]}
        onChange={(value) => {
          name.value = value;
        }}
      />
      {name.value !== '' && !isWhole && (
        <Select
          label="How to aggregate its values"
          value={aggregate.value}
          options={AGGREGATES.map((value) => ({ value }))}
          onChange={(value) => {
            aggregate.value = value;
          }}
        />
      )}
      {name.value !== '' && (
        <Button
          icon="plus"
          onClick={() => {
            onAdd(isWhole || aggregate.value === 'sum' ? name.value : `${name.value}.${aggregate.value}`);
            name.value = '';
          }}
        >
          Add
        </Button>
      )}
    </>
  );
}
