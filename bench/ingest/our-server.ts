/** Telltale as it is built and shipped, in a process of its own. */
import { serveParent } from '../lib/child.ts';
import { fromDist } from '../lib/paths.ts';

const { createApp } = await fromDist<typeof import('../../src/app.ts')>('app.js');
const { loadConfig } = await fromDist<typeof import('../../src/config/config.ts')>('config/config.js');

const app = await createApp(loadConfig({ ...process.env, PORT: '0', LOG_LEVEL: 'warn', LOG_FORMAT: 'json' }));
const addresses = await app.start();

serveParent<'url'>(
  async () => addresses.graphql,
  () => app.stop(),
);
