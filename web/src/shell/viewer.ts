import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { ask } from '../data/ask.ts';
import { comebacks } from '../data/connection.ts';
import { graphql } from '../data/graphql.ts';
import { key } from '../data/key.ts';
import type { DashboardViewerQuery } from '../generated/graphql.ts';
import { project } from '../state/view.ts';

const ViewerQuery = graphql(`
  query DashboardViewer {
    viewer {
      allProjects needsKey scopes
      project { projectId name }
      apiKey { name }
    }
  }
`);

const ProjectsQuery = graphql(`
  query DashboardProjects {
    projects(first: 500) { nodes { projectId name } }
  }
`);

const who = signal<DashboardViewerQuery['viewer'] | null>(null);
const choice = signal<readonly { readonly projectId: string; readonly name: string }[]>([]);

/** Who uses the dashboard: what the key, or its absence, permits. Null until it is known. */
export const viewer: ReadonlySignal<DashboardViewerQuery['viewer'] | null> = who;

/** The projects to choose from; none if there is no choice. */
export const projects: ReadonlySignal<(typeof choice)['value']> = choice;

effect(() => {
  // Reloads for another key, another project or another server.
  void [key.value, project.value, comebacks.value];
  const abort = new AbortController();
  void readViewer(abort.signal);
  return () => abort.abort();
});

async function readViewer(signal: AbortSignal): Promise<void> {
  const answer = await ask(ViewerQuery, {}, signal).catch(() => null);
  // Without an answer, the page itself says why.
  if (answer === null) return;
  who.value = answer.viewer;
  const { allProjects, scopes } = answer.viewer;
  if (!allProjects || !scopes.includes('ADMIN')) {
    choice.value = [];
    return;
  }
  const found = await ask(ProjectsQuery, {}, signal).catch(() => null);
  if (!signal.aborted) choice.value = found?.projects.nodes ?? [];
}
