import { defineCommand } from 'citty';
import { loadConfig } from '../config/config.ts';
import { withClearFailures } from './failures.ts';

/** `telltale serve`: migrates, then serves until it is told to stop. */
export const serve = defineCommand({
  meta: { name: 'serve', description: 'Migrate the database and serve it (the default command).' },
  run: () =>
    withClearFailures(async () => {
      // Before anything that takes time to load: a wrong variable is told at once.
      const config = loadConfig(process.env, { isTerminal: process.stdout.isTTY });
      const [{ createApp }, { runApp }] = await Promise.all([import('../app.ts'), import('./run-app.ts')]);
      await runApp(await createApp(config));
    }),
});
