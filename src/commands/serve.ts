import { defineCommand } from 'citty';
import { loadConfig } from '../config/config.ts';
import { withClearFailures } from './failures.ts';
import { LISTENING_ARGUMENTS, withListening } from './listening.ts';

/** `telltale serve`: migrates, then serves until a signal stops it. */
export const serve = defineCommand({
  meta: { name: 'serve', description: 'Migrate the database and serve it (the default command).' },
  args: LISTENING_ARGUMENTS,
  run: ({ args }) =>
    withClearFailures(async () => {
      // Before slow modules are loaded, so that a wrong variable is reported at once.
      const config = loadConfig(withListening(process.env, args), { isTerminal: process.stdout.isTTY });
      const [{ createApp }, { runApp }] = await Promise.all([import('../app.ts'), import('./run-app.ts')]);
      await runApp(await createApp(config));
    }),
});
