import { loadConfig } from '../config/config.ts';
import { LISTENING_ARGUMENTS, withListening } from './listening.ts';
import { defineCommand } from './program/define-command.ts';

/** `telltale serve`: migrates, then serves until a signal stops it. */
export const serve = defineCommand({
  meta: { name: 'serve', description: 'Migrate the database and serve it (the default command).' },
  args: LISTENING_ARGUMENTS,
  examples: [
    ['telltale serve', 'Serve the database of DATABASE_URL, which is empty at first'],
    ['telltale serve --port=8080', 'Listen on a port other than PORT'],
    [
      'DATABASE_URL=postgresql://me@db/telltale HOST=0.0.0.0 telltale serve',
      'Serve other machines from PostgreSQL, once there is an API key',
    ],
  ],
  async run({ args }) {
    // Before slow modules are loaded, so that an invalid variable is reported at once.
    const config = loadConfig(withListening(process.env, args), { isTerminal: process.stdout.isTTY });
    const [{ createApp }, { runApp }] = await Promise.all([import('../app.ts'), import('./run-app.ts')]);
    await runApp(await createApp(config));
  },
});
