import './explore.css';
import { PageHead } from '../../parts/page-head.tsx';
import { filterOf } from '../shared/conditions.ts';
import { isDataset } from '../shared/datasets.ts';
import { HeatmapOf } from '../shared/heatmap-of.tsx';
import { NoDataset } from '../shared/no-dataset.tsx';
import { AddToBoard } from './add-to-board.tsx';
import { Answer } from './answer.tsx';
import { Controls } from './controls.tsx';
import { question } from './question.ts';

/** Any question about any dataset: numbers, groups and filters, as a chart and as a table. */
export function Page() {
  const { dataset, measures, where } = question();
  if (!isDataset(dataset))
    return <NoDataset name={dataset} page="/explore" pageName="Ask another question" />;
  // A number about values of single events, such as latencyMs.p95, also has a distribution.
  const measure = measures
    .map((name) => name.split('.'))
    .find(([, aggregate]) => aggregate !== 'distinct' && aggregate)?.[0];
  return (
    <>
      <PageHead
        title="Explore"
        subtitle="Any dataset: numbers, groups and filters. The URL keeps the question."
        actions={<AddToBoard />}
      />
      <Controls key={dataset} dataset={dataset} />
      <Answer />
      {measure && (
        <HeatmapOf
          key={`${dataset} ${measure} ${JSON.stringify(where)}`}
          dataset={dataset}
          measure={measure}
          filter={filterOf(where)}
        />
      )}
    </>
  );
}
