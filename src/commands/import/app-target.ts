import { operatorOf } from '../../access/caller.ts';
import { DEFAULT_PROJECT } from '../../access/projects.ts';
import type { App } from '../../app.ts';
import { withoutPassword } from '../../config/config.ts';
import { type AskedTarget, Refusal } from './target.ts';

/**
 * Records in this process, through the ingest service of an app that does not listen. Closing the
 * target stops the app.
 */
export function createAppTarget(app: App, projectId = DEFAULT_PROJECT): AskedTarget {
  const { config, ingest } = app.services;
  return {
    description: withoutPassword(config.databaseUrl),
    async send(dataset, events) {
      return ingest.record(projectId, [{ dataset, events }]);
    },
    async ask(query: string, variables: Readonly<Record<string, unknown>>) {
      const request = new Request('http://localhost/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const answer = await (await app.fetch(request, operatorOf(projectId))).json();
      const [error] = answer.errors ?? [];
      if (error !== undefined) throw new Refusal('The database does not answer a question', error);
      return answer.data;
    },
    close: () => app.stop(),
  };
}
