import type { ExportColumn, ExportRow } from '../format/csv.ts';
import type { Unit } from '../format/value.ts';

/** What a panel shows, as rows: for the table view of every chart, and for downloads. */
export interface PanelTable {
  columns: readonly (ExportColumn & {
    unit?: Unit;
    /** How a text is shown, such as an instant; what is downloaded has the text itself. */
    show?(text: string): string;
  })[];
  rows: readonly ExportRow[];
}
