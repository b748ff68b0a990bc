import type { PanelQuestion } from '../shared/board-panel.tsx';

/** The address of a panel for a frame. The embedding page appends a read token. */
export function embedAddress({
  title,
  kind,
  dataset,
  measures,
  groupBy,
  filter,
  orderBy,
  top,
}: PanelQuestion): string {
  const panel = JSON.stringify({ title, kind, dataset, measures, groupBy, filter, orderBy, top });
  return `${window.location.origin}/embed?panel=${encodeURIComponent(panel)}#token=`;
}
