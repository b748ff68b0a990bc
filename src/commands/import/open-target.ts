import { DEFAULT_PROJECT } from '../../access/projects.ts';
import { type Config, loadConfig } from '../../config/config.ts';
import { quietEnvironment } from '../quiet-environment.ts';
import { createHttpTarget, serverAnswers } from './http-target.ts';
import { UsageError } from './options.ts';
import type { AskedTarget } from './target.ts';

export interface TargetOptions {
  readonly url?: string | undefined;
  readonly database?: string | undefined;
}

/** Opens the given server, or else a local running one, or else the database itself. */
export async function openTarget({ url, database }: TargetOptions): Promise<AskedTarget> {
  if (url !== undefined && database !== undefined)
    throw new UsageError('Give --url or --database, not both.');
  if (url !== undefined) {
    if (!URL.canParse(url))
      throw new UsageError(`--url: ${url} is not a valid URL, such as http://127.0.0.1:4000/graphql.`);
    const options = { headers: accessHeaders(process.env) };
    if (!(await serverAnswers(url, options))) throw new UsageError(`--url: no server answers at ${url}.`);
    return createHttpTarget(url, options);
  }
  const environment = quietEnvironment();
  if (database === undefined) {
    const local = localUrl(loadConfig(environment));
    const options = { headers: accessHeaders(process.env) };
    if (await serverAnswers(local, options)) return createHttpTarget(local, options);
    process.stderr.write(`No server answers at ${local}: writing to the database directly.\n`);
  }
  // Loading the whole server takes long, and is not needed to write to a running one.
  const [{ createApp }, { createAppTarget }] = await Promise.all([
    import('../../app.ts'),
    import('./app-target.ts'),
  ]);
  const config = loadConfig({ ...environment, ...(database !== undefined && { DATABASE_URL: database }) });
  const app = await createApp(config);
  const project = process.env.TELLTALE_PROJECT || DEFAULT_PROJECT;
  if (await app.services.projects.has(project)) return createAppTarget(app, project);
  await app.stop();
  throw new UsageError(`TELLTALE_PROJECT=${project}: there is no such project.`);
}

/** The endpoint of the server that HOST and PORT describe. */
export const localUrl = ({ host, port }: Pick<Config, 'host' | 'port'>): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}/graphql`;

/** The headers that say who asks: `TELLTALE_API_KEY`, and `TELLTALE_PROJECT` for a key for all. */
export function accessHeaders({ TELLTALE_API_KEY: key, TELLTALE_PROJECT: project }: NodeJS.ProcessEnv) {
  return {
    ...(key && { authorization: `Bearer ${key}` }),
    ...(project && { 'telltale-project': project }),
  };
}
