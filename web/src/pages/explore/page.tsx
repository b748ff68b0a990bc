import './explore.css';
import { PageHead } from '../../parts/page-head.tsx';
import { Answer } from './answer.tsx';
import { Controls } from './controls.tsx';
import { useDatasets } from '../shared/dataset-fields.ts';
import { HeatmapOf } from './heatmap-of.tsx';
import { question } from './question.ts';

/** Asks anything of any dataset: numbers, groups and filters, as a chart and as a table. */
export function Page() {
  const datasets = useDatasets();
  const { dataset: named, measures } = question();
  const dataset = datasets.find(({ name }) => name === named);
  // A question about values of single events, such as latencyMs.p95, has a distribution, too.
  const measure = measures.map((name) => name.split('.')).find(([, aggregate]) => aggregate !== 'distinct' && aggregate)?.[0];
  return (
    <>
      <PageHead title="Explore" subtitle="Any dataset: numbers, groups and filters. The address keeps the question." />
      {dataset && <Controls key={dataset.name} datasets={datasets} dataset={dataset} />}
      <Answer />
      {dataset && measure && <HeatmapOf key={`${dataset.name} ${measure}`} prefix={dataset.prefix} measure={measure} />}
    </>
  );
}
