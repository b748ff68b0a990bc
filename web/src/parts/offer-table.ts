import { createContext } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import type { PanelTable } from './panel-table.ts';

/** Hands the panel around a way to read what is shown. Returns what takes it back. */
export type OfferTable = (read: () => PanelTable) => () => void;

/** How the parts within a panel offer it their rows; null outside of panels. */
export const OfferContext = createContext<OfferTable | null>(null);

/** Lets the panel around offer what this part shows as CSV and JSON. `read` is called when they are asked for. */
export function useOfferTable(read: () => PanelTable): void {
  const offer = useContext(OfferContext);
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => offer?.(() => latest.current()), [offer]);
}
