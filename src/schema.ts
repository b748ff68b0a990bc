import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { createBuilder } from './graphql/builder.ts';
import { addDataset } from './graphql/dataset/dataset.ts';
import { createParts } from './graphql/dataset/parts.ts';
import { addRecordActivity } from './graphql/dataset/record.ts';
import { addRequestRelations } from './graphql/dataset/relations.ts';
import { addNodeQueries } from './graphql/node.ts';
import { requestLogs } from './domains/traffic/request-logs/definition.ts';
import { datasets } from './registry.ts';

/** The whole GraphQL schema: what every dataset has alike, then what is special. */
export function createSchema(): GraphQLSchema {
  const parts = createParts(createBuilder(), datasets);
  for (const dataset of datasets) addDataset(parts, dataset);
  addRecordActivity(parts);
  addNodeQueries(parts);
  addRequestRelations(parts, requestLogs);
  return parts.builder.toSchema();
}

/** The schema in its language, sorted, so that two of them can be compared line by line. Ends with a newline. */
export function printSchemaSDL(): string {
  return `${printSchema(lexicographicSortSchema(createSchema()))}\n`;
}
