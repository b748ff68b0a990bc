import type { DatasetName } from '../../generated/graphql.ts';

/** What the build found in schema.graphql about a dataset. */
interface DatasetOfSchema {
  /** The columns of its events that are plain values, without those of every event. */
  readonly columns: readonly string[];
  /** The ids of its documents. */
  readonly ids: { readonly now: string; readonly since: string; readonly heatmap: string | null };
}

/** Put in place of its name by web/documents.ts. */
declare const DATASETS_OF_SCHEMA: Readonly<Record<DatasetName, DatasetOfSchema>>;

export const datasetOfSchema = (dataset: DatasetName): DatasetOfSchema => DATASETS_OF_SCHEMA[dataset];
