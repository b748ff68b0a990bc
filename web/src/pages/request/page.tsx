import { useSignal } from '@preact/signals';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatTime } from '../../format/time.ts';
import { formatValue } from '../../format/value.ts';
import { Badge } from '../../parts/badge.tsx';
import { Grid } from '../../parts/grid.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Stat } from '../../parts/stat.tsx';
import { Tree } from '../../parts/tree.tsx';
import { Waterfall } from '../../parts/waterfall.tsx';
import { linkTo, linkToOne } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { Missing } from '../shared/missing.tsx';
import type { PageProps } from '../shared/page-props.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { type RequestParts, rowsOf } from './rows.ts';

const OneRequest = graphql(`
  query OneRequest($id: ID!) {
    node(id: $id) {
      ... on RequestLog {
        id requestId timestamp service environment release method endpoint statusCode success latencyMs
        sessionId agentId taskId tags attributes
        releaseCommit { shortHash message }
        llmCalls(first: 200) {
          id timestamp provider model operation success errorType errorMessage latencyMs timeToFirstTokenMs
          promptTokens completionTokens cost cached finishReason
        }
        toolCalls(first: 200) { id timestamp tool mcpServer success errorType durationMs decision }
        techniqueUsages(first: 200) { id timestamp techniqueSuite potencyLevel transformersCount success }
        generations(first: 50) { id generationId timestamp kind provider model success durationMs cost }
        errorLogs(first: 100) { id timestamp severity errorType errorMessage fingerprint stackTrace }
      }
    }
  }
`);

/** One request, with everything that belongs to it, in the order of time. */
export function Page({ params }: PageProps) {
  const query = useQuery(OneRequest, () => ({ id: params['id'] ?? '' }));
  const selected = useSignal<string | null>(null);
  const node = query.data?.node;
  // Null if no such event exists in the project; `node` is empty then.
  const request = node && 'endpoint' in node ? (node as RequestParts) : null;
  // An id that cannot be one is refused.
  const isNone = query.state === 'ready' ? request === null : query.error?.code === 'BAD_USER_INPUT';
  if (isNone) {
    return (
      <Missing title="There is no such request" list="/requests" listName="All requests">
        It may have expired: see retention in the settings.
      </Missing>
    );
  }
  const rows = request === null ? [] : rowsOf(request);
  const part = rows.find(({ key }) => key === selected.value);
  return (
    <>
      <PageHead
        title={request === null ? 'Request' : `${request.method ?? ''} ${request.endpoint}`}
        subtitle={request && <Subtitle request={request} />}
      />
      {request && <Figures request={request} />}
      <QueryPanel title="Timeline" query={query}>
        {() => (
          <Waterfall
            rows={rows}
            from={Math.min(...rows.map(({ start }) => start))}
            to={Math.max(...rows.map(({ start, durationMs }) => start + (durationMs ?? 0)))}
            zone={zone.value}
            selected={selected.value}
            onSelect={({ key }) => {
              selected.value = key;
            }}
          />
        )}
      </QueryPanel>
      {request && (
        <Panel title={part === undefined ? 'The request' : part.label}>
          <Tree value={part?.event ?? request} open={1} />
        </Panel>
      )}
    </>
  );
}

function Subtitle({ request }: { request: RequestParts }) {
  const { service, environment, release, timestamp, releaseCommit, sessionId, success, statusCode } = request;
  return (
    <>
      <Badge tone={success ? 'good' : 'bad'}>{statusCode ?? (success ? 'succeeded' : 'failed')}</Badge>{' '}
      <a href={linkTo('/services/one', { service })}>{service}</a> {environment && `in ${environment} `}·{' '}
      {(releaseCommit || release) && (
        <span title={release ?? undefined}>
          {releaseCommit ? `${releaseCommit.shortHash} ${releaseCommit.message}` : release} ·{' '}
        </span>
      )}
      {formatTime(Date.parse(timestamp), zone.value, 'long')}
      {sessionId && (
        <>
          {' '}
          · <a href={linkToOne('/sessions', sessionId)}>session</a>
        </>
      )}
    </>
  );
}

function Figures({ request }: { request: RequestParts }) {
  const { llmCalls, toolCalls, errorLogs, latencyMs } = request;
  const costs = llmCalls.flatMap(({ cost }) => cost ?? []);
  const tokens = llmCalls.map((call) => (call.promptTokens ?? 0) + (call.completionTokens ?? 0));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return (
    <Grid min={140} gap="tight">
      <Stat title="Latency" value={latencyMs} unit="ms" />
      <Stat title="Model calls" value={llmCalls.length} unit="count" />
      <Stat title="Cost" value={costs.length === 0 ? null : sum(costs)} unit="usd" />
      <Stat
        title="Tokens"
        value={sum(tokens)}
        unit="tokens"
        hint={formatValue(sum(tokens), 'tokens', 'long')}
      />
      <Stat title="Tool calls" value={toolCalls.length} unit="count" />
      <Stat
        title="Errors"
        value={errorLogs.length}
        unit="count"
        tone={errorLogs.length > 0 ? 'bad' : undefined}
      />
    </Grid>
  );
}
