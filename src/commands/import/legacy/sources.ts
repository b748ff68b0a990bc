import type { ForeignTable } from '../../../storage/dialect/sqlite/foreign-file.ts';
import { UsageError } from '../options.ts';
import { agentDashboard } from './agent-dashboard.ts';
import { diagramGenerations } from './diagram-generations.ts';
import { llmMonitoring } from './llm-monitoring.ts';
import { llmProxy } from './llm-proxy.ts';
import { metricCatalog } from './metric-catalog.ts';
import type { LegacySource } from './source.ts';

export const LEGACY_SOURCES: readonly LegacySource[] = [
  llmMonitoring,
  diagramGenerations,
  metricCatalog,
  llmProxy,
  agentDashboard,
];

/**
 * The program that wrote a file, recognised by its tables and their columns.
 *
 * @throws UsageError if no known program did, or if several might have
 */
export function recognizeSource(file: string, tables: readonly ForeignTable[]): LegacySource {
  const has = (name: string, columns: readonly string[]) => {
    const table = tables.find((candidate) => candidate.name === name);
    return table !== undefined && columns.every((column) => table.columns.includes(column));
  };
  const found = LEGACY_SOURCES.filter(({ signature }) =>
    Object.entries(signature).every(([name, columns]) => has(name, columns)),
  );
  const [source, other] = found;
  if (other !== undefined) {
    const titles = found.map(({ title }) => title).join(' and ');
    throw new UsageError(
      `${file} has the tables of ${titles}: put the tables of one program into a separate file.`,
    );
  }
  if (source !== undefined) return source;
  const known = LEGACY_SOURCES.map(
    ({ title, signature }) => `  ${title}: ${Object.keys(signature).join(', ')}`,
  );
  const names = tables.map(({ name }) => name).join(', ') || 'none';
  throw new UsageError(
    `${file} was not written by a known program. Its tables: ${names}. Known programs and their tables:\n` +
      `${known.join('\n')}\nFor other files, write the rows to a CSV and use telltale import csv.`,
  );
}
