import type { DatasetName } from '../../generated/graphql.ts';

/** What the build found in schema.graphql about a dataset. */
interface DatasetOfSchema {
  /** The columns of its events with plain values, except those that every event has. */
  readonly columns: readonly string[];
  /** The ids of its documents. */
  readonly ids: { readonly now: string; readonly since: string; readonly heatmap: string | null };
}

/** web/documents.ts replaces this name by the value. */
declare const DATASETS_OF_SCHEMA: Readonly<Record<DatasetName, DatasetOfSchema>>;

export const datasetOfSchema = (dataset: DatasetName): DatasetOfSchema => DATASETS_OF_SCHEMA[dataset];
