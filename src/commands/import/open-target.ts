import { DEFAULT_PROJECT } from '../../access/projects.ts';
import { type Config, loadConfig } from '../../config/config.ts';
import { withDatabase } from '../../config/database-variables.ts';
import { quietEnvironment } from '../quiet-environment.ts';
import { createHttpTarget, serverAnswers } from './http-target.ts';
import { UsageError } from './options.ts';
import type { AskedTarget } from './target.ts';

export interface TargetOptions {
  readonly url?: string | undefined;
  readonly database?: string | undefined;
  /** Default: `TELLTALE_PROJECT`. */
  readonly project?: string | undefined;
}

/** Opens the given server, otherwise a local running one, otherwise the database itself. */
export async function openTarget({ url, database, project }: TargetOptions): Promise<AskedTarget> {
  if (url !== undefined && database !== undefined)
    throw new UsageError('Give --url or --database, not both.');
  if (url !== undefined) {
    if (!URL.canParse(url))
      throw new UsageError(`--url: ${url} is not a valid URL, such as http://127.0.0.1:4000/graphql.`);
    const options = { headers: accessHeaders(process.env, project) };
    if (!(await serverAnswers(url, options))) throw new UsageError(`--url: no server answers at ${url}.`);
    return createHttpTarget(url, options);
  }
  const environment = quietEnvironment();
  if (database === undefined) {
    const local = localUrl(loadConfig(environment));
    const options = { headers: accessHeaders(process.env, project) };
    if (await serverAnswers(local, options)) return createHttpTarget(local, options);
    process.stderr.write(`No server answers at ${local}: writing to the database directly.\n`);
  }
  // Loading the whole server takes long, and writing to a running one does not need it.
  const [{ createApp }, { createAppTarget }] = await Promise.all([
    import('../../app.ts'),
    import('./app-target.ts'),
  ]);
  const config = loadConfig(withDatabase(environment, database));
  const app = await createApp(config);
  const name = project || process.env.TELLTALE_PROJECT || DEFAULT_PROJECT;
  if (await app.services.projects.has(name)) return createAppTarget(app, name);
  await app.stop();
  throw new UsageError(`${project ? '--project: ' : 'TELLTALE_PROJECT='}${name}: there is no such project.`);
}

/** The endpoint of the server that HOST and PORT describe. */
export const localUrl = ({ host, port }: Pick<Config, 'host' | 'port'>): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}/graphql`;

/**
 * The headers that identify the caller: `TELLTALE_API_KEY`, and the project, for a key to all
 * projects.
 */
export function accessHeaders(environment: NodeJS.ProcessEnv, project?: string) {
  const { TELLTALE_API_KEY: key, TELLTALE_PROJECT: usual } = environment;
  const name = project || usual;
  return {
    ...(key && { authorization: `Bearer ${key}` }),
    ...(name && { 'telltale-project': name }),
  };
}
