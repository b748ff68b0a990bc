import { operatorOf } from '../../access/caller.ts';
import { DEFAULT_PROJECT } from '../../access/projects.ts';
import { loadConfig } from '../../config/config.ts';
import { withDatabase } from '../../config/database-variables.ts';
import type { Asker } from '../../mcp/asker.ts';
import { expectProject, expectThisVersion } from '../export/open-source.ts';
import { accessHeaders, localUrl, type TargetOptions } from '../import/open-target.ts';
import { UsageError } from '../import/options.ts';
import { createHttpAsker } from './http-asker.ts';

export interface OpenAsker {
  readonly asker: Asker;
  close(): Promise<void>;
}

/**
 * Chooses whom the tools ask: the given server, otherwise that of TELLTALE_URL, otherwise the local
 * one. A database is used only if it is named. No server need be running yet: an agent may start
 * before it.
 *
 * @throws UsageError for an invalid URL, a database that does not exist, or a project that it lacks
 */
export async function openAsker({ url, database }: TargetOptions): Promise<OpenAsker> {
  if (url !== undefined && database !== undefined)
    throw new UsageError('Give --url or --database, not both.');
  if (database !== undefined) return openDatabase(database);
  const { TELLTALE_URL: named } = process.env;
  const address = url ?? (named || localUrl(loadConfig(process.env)));
  if (!URL.canParse(address) || !/^https?:/.test(address)) {
    const name = url === undefined ? 'TELLTALE_URL' : '--url';
    throw new UsageError(`${name}: ${address} is not a valid URL, such as http://127.0.0.1:4000/graphql.`);
  }
  const asker = createHttpAsker(address, accessHeaders(process.env));
  return { asker, close: () => Promise.resolve() };
}

/**
 * The database, opened in this process with an operator's rights. It is neither created nor
 * migrated.
 */
async function openDatabase(database: string): Promise<OpenAsker> {
  await expectThisVersion(database);
  const { createApp } = await import('../../app.ts');
  // Standard output is reserved for the protocol.
  const app = await createApp(loadConfig({ ...withDatabase(process.env, database), LOG_LEVEL: 'silent' }));
  const project = process.env.TELLTALE_PROJECT || DEFAULT_PROJECT;
  try {
    await expectProject(app.services.store, project);
  } catch (error) {
    await app.stop();
    throw error;
  }
  const operator = operatorOf(project);
  const asker = createHttpAsker('http://localhost/graphql', {}, (request) => app.fetch(request, operator));
  return { asker, close: () => app.stop() };
}
