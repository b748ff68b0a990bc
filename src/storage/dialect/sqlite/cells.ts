/** Cells are stored in the b-tree of their key, so they have no row numbers. */
export const TABLE_OF_CELLS = 'rollup_cells';
export const KEY_OF_CELLS = [
  'project_id',
  'dataset',
  'dimension_set',
  'grain',
  'bucket',
  'dimension_key',
  'writer',
] as const;
