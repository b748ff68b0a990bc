/** Telltale as shipped, in a separate process. */
import { serveParent } from '../lib/child.ts';
import { fromSource } from '../lib/paths.ts';
import { answerPeerQuestion, type PeerQuestion } from './peer.ts';

const { createApp } = await fromSource<typeof import('../../src/app.ts')>('app.ts');
const { loadConfig } = await fromSource<typeof import('../../src/config/config.ts')>('config/config.ts');

const config = loadConfig({ ...process.env, PORT: '0', LOG_LEVEL: 'warn', LOG_FORMAT: 'json' });
const app = await createApp(config);
const { graphql } = await app.start();

serveParent<PeerQuestion>(
  async (question) =>
    answerPeerQuestion(question, { url: graphql, subscribers: () => app.open.subscriptions }),
  () => app.stop(),
);
