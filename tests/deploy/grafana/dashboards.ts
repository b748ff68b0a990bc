import { filesIn, textOf } from '../support.ts';

/** A query as the data source Infinity stores it. */
export interface InfinityQuery {
  readonly type: string;
  readonly parser: string;
  readonly format: string;
  readonly url: string;
  readonly url_options: {
    readonly method: string;
    readonly body_graphql_query: string;
    readonly body_graphql_variables: string;
  };
  readonly root_selector: string;
  readonly columns: readonly { readonly selector: string; readonly text: string; readonly type: string }[];
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly InfinityQuery[];
}

interface Variable {
  readonly type: string;
  readonly name: string;
  readonly allValue?: string;
  readonly query: { readonly infinityQuery: InfinityQuery };
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: {
    readonly list: readonly { readonly name: string; readonly target?: InfinityQuery }[];
  };
}

export const dashboards: readonly Dashboard[] = filesIn('deploy/grafana/dashboards', '.json').map((path) =>
  JSON.parse(textOf(path)),
);

/** The variables whose values come from the server. */
export const choicesOf = ({ templating }: Dashboard) =>
  templating.list.filter(({ type }) => type === 'query');

/** All queries of a dashboard, by their purpose. */
export function queriesOf(dashboard: Dashboard): (readonly [what: string, query: InfinityQuery])[] {
  const { panels, annotations } = dashboard;
  return [
    ...choicesOf(dashboard).map(({ name, query }) => [`the values of ${name}`, query.infinityQuery] as const),
    ...panels.flatMap(({ title, targets = [] }) => targets.map((target) => [title, target] as const)),
    ...annotations.list.flatMap(({ name, target }) =>
      target === undefined ? [] : [[name, target] as const],
    ),
  ];
}
