import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take long, which their size does not show: they start browsers, processes, or a server
 * for each case of a table. Paths below `tests/`.
 */
export const LONG_FILES = [
  'web/pages',
  'end-to-end/recipes',
  'access/isolation',
  'commands/demo/demo',
  'access/read-tokens',
  'hostile/hostile',
  'domains/health/health',
  'end-to-end/graphiql',
  'domains/agents/task-board',
  'retention/aged-server',
  'faults/killed-server',
  'commands/restore',
  'mcp/mcp',
  'commands/collect/system/command',
  'web/behaviour',
  'commands/collect/git/run',
  'alerting/delivery/apps',
  'access/scopes',
  'commands/collect/git/command',
  'end-to-end/process',
  'coordination/coordination',
  'domains/health/services',
  'transfer/copy',
  'commands/keys',
  'end-to-end/readme',
  'commands/collect/git/settings',
  'domains/llm/recompute-costs',
  'faults/stepping-clock',
  'columns/create-columns',
  'graphql/analytics/archived-questions',
  'faults/killed-commands',
  'scripts/codegen',
].map((name) => `/tests/${name}.test.ts`);

/**
 * Runs the long files first. Without times of an earlier run, which CI never has, Vitest orders by
 * size: a long-running file of few lines started last, and one processor waited for it.
 */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => LONG_FILES.some((path) => moduleId.endsWith(path));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
