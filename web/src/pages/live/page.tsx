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
import { useFields } from '../shared/dataset-fields.ts';
import { DATASETS, isDataset } from '../shared/datasets.ts';

import { NewCondition } from '../shared/new-condition.tsx';
import { NoDataset } from '../shared/no-dataset.tsx';
import { Tail } from './tail.tsx';

/** The events of a dataset as they are stored. */
export function Page() {
  const named = param('dataset').value ?? 'llmCalls';
  if (!isDataset(named)) return <NoDataset name={named} page="/live" pageName="The live tail" />;
  return (
    <>
      <PageHead title="Live tail" subtitle="The events of a dataset as they are stored" />
      <LiveTail key={named} dataset={named} />
    </>
  );
}

function LiveTail({ dataset }: { dataset: DatasetName }) {
  const isPaused = useSignal(false);
  const fields = useFields(dataset);
  const where = readWhere(param('where').value);
  const show = (next: readonly Condition[]) =>
    setParams({ where: next.length === 0 ? null : JSON.stringify(next) });
  return (
    <>
      <Row>
        <Select
          label="Dataset"
          value={dataset}
          options={DATASETS.map((name) => ({ value: name }))}
          onChange={(name) => setParams({ dataset: name, where: null })}
        />
        <Button
          icon={isPaused.value ? 'play' : 'pause'}
          onClick={() => {
            isPaused.value = !isPaused.value;
          }}
        >
          {isPaused.value ? 'Resume' : 'Pause'}
        </Button>
        <NewCondition
          {...fields}
          dataset={dataset}
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
      <Tail
        // Events of another filter or project must not appear beside these.
        key={JSON.stringify([where, project.value])}
        dataset={dataset}
        isPaused={isPaused}
      />
    </>
  );
}
