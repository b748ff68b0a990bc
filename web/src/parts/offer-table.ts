import { createContext } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import type { PanelTable } from './panel-table.ts';

/**
 * Gives the surrounding panel a way to read what is shown. Returns a function that withdraws it.
 */
export type OfferTable = (read: () => PanelTable) => () => void;

/** Lets the parts within a panel offer it their rows; null outside of panels. */
export const OfferContext = createContext<OfferTable | null>(null);

/**
 * Lets the surrounding panel offer what this part shows as CSV and JSON. `read` is called on
 * demand.
 */
export function useOfferTable(read: () => PanelTable): void {
  const offer = useContext(OfferContext);
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => offer?.(() => latest.current()), [offer]);
}
