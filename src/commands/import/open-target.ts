import { createApp } from '../../app.ts';
import { loadConfig } from '../../config/config.ts';
import { createAppTarget } from './app-target.ts';
import { createHttpTarget, serverAnswers } from './http-target.ts';
import { UsageError } from './options.ts';
import type { Target } from './target.ts';

/** The flags that say where events go. */
export const TARGET_ARGUMENTS = {
  url: { type: 'string', description: 'GraphQL endpoint of a running server' },
  database: {
    type: 'string',
    description: 'Write to this database (file:… or postgresql://…) without a server',
  },
} as const;

export interface TargetOptions {
  readonly url?: string | undefined;
  readonly database?: string | undefined;
}

/** The server that is named, or the one that runs here; without one, the database itself. */
export async function openTarget({ url, database }: TargetOptions): Promise<Target> {
  if (url !== undefined && database !== undefined)
    throw new UsageError('Give --url or --database, not both.');
  if (url !== undefined) {
    if (!URL.canParse(url))
      throw new UsageError(`--url: ${url} is no URL, such as http://127.0.0.1:4000/graphql.`);
    if (!(await serverAnswers(url))) throw new UsageError(`--url: no server answers at ${url}.`);
    return createHttpTarget(url);
  }
  const environment = { ...process.env, LOG_LEVEL: process.env.LOG_LEVEL || 'warn' };
  if (database === undefined) {
    const { host, port } = loadConfig(environment);
    const local = `http://${host.includes(':') ? `[${host}]` : host}:${port}/graphql`;
    if (await serverAnswers(local)) return createHttpTarget(local);
    process.stderr.write(`No server answers at ${local}: writing to the database directly.\n`);
  }
  const config = loadConfig({ ...environment, ...(database !== undefined && { DATABASE_URL: database }) });
  return createAppTarget(await createApp(config));
}
