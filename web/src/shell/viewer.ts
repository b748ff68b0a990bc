import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { ask } from '../data/ask.ts';
import { comebacks } from '../data/connection.ts';
import { graphql } from '../data/graphql.ts';
import { key } from '../data/key.ts';

/** Who looks at the dashboard: what the key, or the lack of one, opens. */
export interface Viewer {
  readonly projectId: string | null;
  readonly projects: readonly { readonly projectId: string; readonly name: string | null }[];
}

const ViewerQuery = graphql(`
  query DashboardViewer {
    projects(first: 500) { nodes { projectId name } }
  }
`);

const found = signal<Viewer | null>(null);

/** Null until it is known. */
export const viewer: ReadonlySignal<Viewer | null> = found;

effect(() => {
  void [key.value, comebacks.value];
  ask(ViewerQuery, {}).then(
    ({ projects }) => {
      found.value = { projectId: null, projects: projects.nodes };
    },
    () => {
      found.value = { projectId: null, projects: [] };
    },
  );
});
