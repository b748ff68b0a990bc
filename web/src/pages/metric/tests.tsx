import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Time } from '../../parts/time.tsx';
import { notify } from '../../parts/toast.tsx';
import type { Tone } from '../../parts/tone.ts';
import { zone } from '../../state/view.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

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

/** The validation tests of the metric. The server runs those that are queries. */
export function Tests({ metricId }: { metricId: string }) {
  const variables = () => ({ metricId });
  const query = useQuery(TestsQuery, variables, { everyMs: 30_000 });
  return (
    <QueryPanel
      title="Validation tests"
      query={query}
      document={TestsQuery}
      variables={variables()}
      isEmpty={({ metric }) => (metric?.validationTests.nodes.length ?? 0) === 0}
      empty={{ title: 'It has no tests', text: 'The mutation addValidationTest adds one.' }}
      flush
    >
      {({ metric }) => (
        <DataTable
          caption="Validation tests"
          rows={metric?.validationTests.nodes ?? []}
          keyOf={({ id }) => id}
          columns={[
            { key: 'name', title: 'Test', value: ({ name }) => name },
            {
              key: 'type',
              title: 'Kind',
              value: ({ testType }) => testType.toLowerCase(),
              hideBelow: 'narrow',
            },
            {
              key: 'status',
              title: 'Status',
              value: ({ status }) => status.toLowerCase(),
              cell: ({ status }) => <Badge tone={TONES[status] ?? 'neutral'}>{status.toLowerCase()}</Badge>,
            },
            { key: 'message', title: 'What it said', value: ({ message }) => message, hideBelow: 'medium' },
            {
              key: 'run',
              title: 'Last run',
              cell: ({ lastRun }) => <Time at={lastRun} zone={zone.value} />,
              value: ({ lastRun }) => lastRun,
            },
            {
              key: 'action',
              title: '',
              // The others run elsewhere, and report their result.
              cell: ({ id, testType }) => testType === 'GRAPHQL' && <Run id={id} onDone={query.refresh} />,
            },
          ]}
        />
      )}
    </QueryPanel>
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
