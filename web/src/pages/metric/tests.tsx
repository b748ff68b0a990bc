import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { MetricTestsQuery } from '../../generated/graphql.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/column.ts';
import { notify } from '../../parts/toast.tsx';
import type { Tone } from '../../parts/tone.ts';
import { textColumn, timeColumn } from '../shared/columns.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const TestsQuery = graphql(`
  query MetricTests($metricId: String!) {
    metric(metricId: $metricId) {
      validationTests(first: 50) {
        nodes { id name testType expectedResult status message lastRun }
      }
    }
  }
`);

const RunTest = graphql(`
  mutation RunMetricTest($input: RunValidationTestInput!) {
    runValidationTest(input: $input) { passed test { name status message } }
  }
`);

const TONES: Readonly<Record<string, Tone>> = { PASSED: 'good', FAILED: 'bad', ERROR: 'bad' };

type Test = NonNullable<MetricTestsQuery['metric']>['validationTests']['nodes'][number];

const columnsOf = (onRun: () => void): readonly Column<Test>[] => [
  textColumn('name', 'Test', ({ name }) => name),
  textColumn('type', 'Kind', ({ testType }) => testType.toLowerCase(), { hideBelow: 'narrow' }),
  {
    key: 'status',
    title: 'Status',
    value: ({ status }) => status.toLowerCase(),
    cell: ({ status }) => <Badge tone={TONES[status] ?? 'neutral'}>{status.toLowerCase()}</Badge>,
  },
  textColumn('message', 'Message', ({ message }) => message, { hideBelow: 'medium' }),
  timeColumn('run', 'Last run', ({ lastRun }) => lastRun),
  {
    key: 'action',
    title: '',
    // Other tests run elsewhere, and report their results.
    cell: ({ id, testType }) => testType === 'GRAPHQL' && <Run id={id} onDone={onRun} />,
  },
];

/** The validation tests of the metric. The server runs those that are queries. */
export function Tests({ metricId }: { metricId: string }) {
  const query = useQuery(TestsQuery, () => ({ metricId }), { everyMs: 30_000 });
  return (
    <TablePanel
      title="Validation tests"
      query={query}
      empty={{ title: 'No tests', text: 'Add one with the mutation addValidationTest.' }}
      rowsOf={({ metric }) => metric?.validationTests.nodes ?? []}
      keyOf={({ id }) => id}
      columns={columnsOf(query.refresh)}
    />
  );
}

function Run({ id, onDone }: { id: string; onDone: () => void }) {
  const { run, isBusy, error } = useAction(RunTest);
  const start = async () => {
    const done = await run({ input: { id } });
    if (done !== null) {
      const { passed, test } = done.runValidationTest;
      notify(`${test.name} ${passed ? 'passed' : `failed: ${test.message ?? ''}`}`, passed ? 'good' : 'bad');
    }
    onDone();
  };
  return (
    <>
      <Button icon="play" busy={isBusy} onClick={start}>
        Run
      </Button>
      {error && <p role="alert">{error.message}</p>}
    </>
  );
}
