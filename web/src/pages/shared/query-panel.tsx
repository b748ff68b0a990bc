import type { ComponentChildren } from 'preact';
import type { Query } from '../../data/use-query.ts';
import { Panel } from '../../parts/panel.tsx';
import { graphiqlUrl } from './graphiql.ts';

type PanelProps = Parameters<typeof Panel>[0];

export interface QueryPanelProps<Result>
  extends Omit<PanelProps, 'query' | 'state' | 'error' | 'onRetry' | 'onOpenInGraphiql' | 'children'> {
  /** The panel offers to open the question in GraphiQL. */
  readonly query: Query<Result>;
  /** Whether there is nothing to show. Default: never. */
  readonly isEmpty?: (data: Result) => boolean;
  readonly children: (data: Result) => ComponentChildren;
}

/** A panel that shows the answer to one question, or why there is none. */
export function QueryPanel<Result>({
  query,
  isEmpty = () => false,
  children,
  ...rest
}: QueryPanelProps<Result>) {
  const { data, error } = query;
  const hasNothing = data !== undefined && query.state === 'ready' && isEmpty(data);
  return (
    <Panel
      {...rest}
      state={hasNothing ? 'empty' : query.state}
      error={error?.message}
      scope={error?.scope ?? undefined}
      onRetry={query.refresh}
      // Not "noopener": the new tab takes over the key of this one.
      onOpenInGraphiql={() => window.open(graphiqlUrl(query.question()), '_blank')}
    >
      {data !== undefined && !hasNothing ? children(data) : null}
    </Panel>
  );
}
