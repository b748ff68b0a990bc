import { useSignal } from '@preact/signals';
import type { DatasetName } from '../../generated/graphql.ts';
import { Button } from '../../parts/button.tsx';
import { FilterChips } from '../../parts/filter-chips.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Row } from '../../parts/row.tsx';
import { Select } from '../../parts/select.tsx';
import { param, setParams } from '../../state/location.ts';
import { project } from '../../state/view.ts';
import { type Condition, readWhere } from '../shared/conditions.ts';
import { type Dataset, useDatasets, useFields } from '../shared/dataset-fields.ts';
import { NewCondition } from '../shared/new-condition.tsx';
import { useColumns } from './columns.ts';
import { Tail } from './tail.tsx';

/** The events of a dataset as they are stored. */
export function Page() {
  const datasets = useDatasets();
  const named = param('dataset').value ?? 'llmCalls';
  const dataset = datasets.find(({ name }) => name === named);
  return (
    <>
      <PageHead title="Live tail" subtitle="The events of a dataset as they are stored" />
      {dataset && <LiveTail key={dataset.name} dataset={dataset} datasets={datasets} />}
    </>
  );
}

function LiveTail({ dataset, datasets }: { dataset: Dataset; datasets: readonly Dataset[] }) {
  const isPaused = useSignal(false);
  const fields = useFields(dataset.prefix);
  const columns = useColumns(dataset.prefix);
  const where = readWhere(param('where').value);
  const show = (next: readonly Condition[]) =>
    setParams({ where: next.length === 0 ? null : JSON.stringify(next) });
  return (
    <>
      <Row>
        <Select
          label="Dataset"
          value={dataset.name}
          options={datasets.map(({ name }) => ({ value: name }))}
          onChange={(name) => setParams({ dataset: name, where: null })}
        />
        <Button
          icon={isPaused.value ? 'play' : 'pause'}
          onClick={() => {
            isPaused.value = !isPaused.value;
          }}
        >
          {isPaused.value ? 'Go on' : 'Pause'}
        </Button>
        <NewCondition
          {...fields}
          dataset={dataset.name as DatasetName}
          where={where}
          onAdd={(condition) => show([...where, condition])}
        />
      </Row>
      <FilterChips
        filters={where.map(([field, operator, value]) => ({
          key: `${field} ${operator} ${value}`,
          label: field,
          operator,
          value,
        }))}
        onRemove={({ key }) => show(where.filter((condition) => condition.join(' ') !== key))}
      />
      {columns.length > 0 && (
        <Tail
          // Events of another filter or project do not belong beside these.
          key={JSON.stringify([columns, where, project.value])}
          dataset={dataset}
          columns={columns}
          isPaused={isPaused}
        />
      )}
    </>
  );
}
