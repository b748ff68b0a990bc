import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { formatValue } from '../../format/value.ts';
import { Badge } from '../../parts/badge.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Row } from '../../parts/row.tsx';
import { Time } from '../../parts/time.tsx';
import { Tree } from '../../parts/tree.tsx';
import { linkToOne } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { Missing } from '../shared/missing.tsx';
import type { PageProps } from '../shared/page-props.ts';
import { QueryPanel } from '../shared/query-panel.tsx';

const OneArchitecture = graphql(`
  query OneArchitecture($generationId: String!) {
    architecture(generationId: $generationId) {
      id generationId name description kind provider model tags spec createdAt
      generation { id success durationMs cost requestLog { id } }
    }
  }
`);

/** One architecture, with its specification as a tree. */
export function Page({ params }: PageProps) {
  const query = useQuery(OneArchitecture, () => ({ generationId: params['id'] ?? '' }));
  const architecture = query.data?.architecture;
  if (query.state === 'ready' && !architecture) {
    return (
      <Missing title="There is no such architecture" list="/generations" listName="All generations">
        It may have been deleted, or its generation failed.
      </Missing>
    );
  }
  return (
    <>
      <PageHead title={architecture?.name ?? 'Architecture'} subtitle={architecture?.description} />
      {architecture && (
        <Row>
          <span class="muted">
            {architecture.kind} · {architecture.provider} {architecture.model} ·{' '}
            <Time at={architecture.createdAt} zone={zone.value} />
          </span>
          {architecture.generation && (
            <span class="muted">
              {formatValue(architecture.generation.durationMs, 'ms')},{' '}
              {architecture.generation.cost === null
                ? 'cost unknown'
                : formatValue(architecture.generation.cost, 'usd')}
            </span>
          )}
          {architecture.generation?.requestLog && (
            <a href={linkToOne('/requests', architecture.generation.requestLog.id)}>Request</a>
          )}
          {architecture.tags.map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}
        </Row>
      )}
      <QueryPanel title="Specification" query={query}>
        {() => architecture && <Tree value={architecture.spec} open={3} />}
      </QueryPanel>
    </>
  );
}
