import { type App, DEFAULT_PROJECT } from '../../app.ts';
import { withoutPassword } from '../../config/config.ts';
import type { Target } from './target.ts';

/** Records in this process, through the ingest service of an app that does not listen. Closing it stops the app. */
export function createAppTarget(app: App): Target {
  const { config, ingest } = app.services;
  return {
    description: withoutPassword(config.databaseUrl),
    async send(dataset, events) {
      return ingest.record(DEFAULT_PROJECT, [{ dataset, events }]);
    },
    close: () => app.stop(),
  };
}
