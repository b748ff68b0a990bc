import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { EverRecordedQuery } from '../../generated/graphql.ts';
import { Button } from '../../parts/button.tsx';
import { Panel } from '../../parts/panel.tsx';
import { viewer } from '../../shell/viewer.ts';
import { copy } from '../shared/copy.ts';

const EverRecorded = graphql(`
  query EverRecorded {
    requestLogs(first: 1) { nodes { id } }
    llmCalls(first: 1) { nodes { id } }
    errorLogs(first: 1) { nodes { id } }
    toolCalls(first: 1) { nodes { id } }
    agentUsage(first: 1) { nodes { id } }
  }
`);

const isAny = (data: EverRecordedQuery): boolean =>
  [data.requestLogs, data.llmCalls, data.errorLogs, data.toolCalls, data.agentUsage].some(
    ({ nodes }) => nodes.length > 0,
  );

const CALL = {
  provider: 'openai',
  model: 'gpt-4o-mini',
  promptTokens: 1200,
  completionTokens: 250,
  latencyMs: 840,
};

/** A command that records a model call at this server. */
function commandFor(origin: string, needsKey: boolean): string {
  const fields = Object.entries(CALL).map(([name, value]) =>
    typeof value === 'string' ? `${name}: \\"${value}\\"` : `${name}: ${value}`,
  );
  const query = `mutation { recordLlmCalls(input: [{ ${fields.join(', ')} }]) { accepted } }`;
  return [
    `curl ${origin}/graphql -H 'content-type: application/json'`,
    ...(needsKey ? ["-H 'authorization: Bearer <an API key with the scope INGEST>'"] : []),
    `-d '{ "query": "${query}" }'`,
  ].join(' \\\n  ');
}

/** What to do first at a server that has recorded nothing. It goes away with the first event. */
export function FirstEvent() {
  const { data } = useQuery(EverRecorded, () => ({}), { everyMs: 5_000, until: isAny });
  if (data === undefined || isAny(data)) return null;
  const { origin } = window.location;
  const command = commandFor(origin, viewer.value?.needsKey === true);
  return (
    <Panel
      title="Nothing was recorded yet"
      actions={
        <Button icon="copy" onClick={() => copy(command)}>
          Copy
        </Button>
      }
    >
      <p>Record a model call: it appears here by itself, with its cost.</p>
      <pre class="mono overview-command">{command}</pre>
      <p class="muted">
        Programs that send OpenTelemetry need <code>OTEL_EXPORTER_OTLP_ENDPOINT={origin}</code> alone. Made-up
        data of a month to look around: <code>npm run demo</code>.
      </p>
    </Panel>
  );
}
