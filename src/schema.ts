import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { addHealth } from './domains/health/health/node.ts';
import { addRagOverview } from './domains/health/rag-overview/node.ts';
import { addModelStats } from './domains/llm/model-stats/node.ts';
import { addTechniqueStats } from './domains/llm/technique-stats/node.ts';
import { addLatencySeries } from './domains/traffic/latency-series/node.ts';
import { requestLogs } from './domains/traffic/request-logs/definition.ts';
import { addSummaryLive } from './domains/traffic/summary/live.ts';
import { addSummaryQuery } from './domains/traffic/summary/node.ts';
import { createBuilder } from './graphql/builder.ts';
import { addDataset } from './graphql/dataset/dataset.ts';
import { addListQuery } from './graphql/dataset/list.ts';
import { createParts } from './graphql/dataset/parts.ts';
import { addRecordActivity } from './graphql/dataset/record.ts';
import { addRequestRelations } from './graphql/dataset/relations.ts';
import { addNodeQueries } from './graphql/node.ts';
import { datasets, records } from './registry.ts';

/** The whole GraphQL schema: what every dataset has alike, then what is special. */
export function createSchema(): GraphQLSchema {
  const parts = createParts(createBuilder(), datasets, records);
  for (const dataset of datasets) addDataset(parts, dataset);
  for (const record of records) addListQuery(parts, record);
  addRecordActivity(parts);
  addNodeQueries(parts);
  addRequestRelations(parts, requestLogs);
  addSummaryQuery(parts);
  addSummaryLive(parts);
  addLatencySeries(parts);
  addModelStats(parts);
  addTechniqueStats(parts);
  addHealth(parts);
  addRagOverview(parts);
  return parts.builder.toSchema();
}

/** The schema in its language, sorted, so that two of them can be compared line by line. Ends with a newline. */
export function printSchemaSDL(): string {
  return `${printSchema(lexicographicSortSchema(createSchema()))}\n`;
}
