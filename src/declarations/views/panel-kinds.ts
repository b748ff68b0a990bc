/** How a panel of a board shows its numbers. */
export const PANEL_KINDS = {
  TIMESERIES: 'Lines over time: one per measure and group.',
  TABLE: 'A row per group, a column per measure.',
  STAT: 'The numbers of the whole range, without groups.',
  HEATMAP:
    'The distribution of one measure over time. `measures` must name only that measure, such as ' +
    '["latencyMs"].',
} as const;

export type PanelKind = keyof typeof PANEL_KINDS;
