import type { ComponentChildren } from 'preact';
import { useCallback, useId, useState } from 'preact/hooks';
import '../styles/panel.css';
import { Menu } from './menu.tsx';
import { OfferContext, type OfferTable } from './offer-table.ts';
import { PanelBody, type PanelStates } from './panel-body.tsx';
import { menuItems } from './panel-menu.ts';
import type { PanelTable } from './panel-table.ts';

interface PanelProps extends PanelStates {
  title: string;
  /** A sentence about what is measured, below the title. */
  subtitle?: ComponentChildren;
  /** Buttons at the right of the title. */
  actions?: ComponentChildren;
  /**
   * Tables, bars and histograms within the panel offer their rows themselves; this is for anything
   * else.
   */
  table?: PanelTable;
  /** The name of downloaded files, without extension. Default: the title. */
  csvName?: string;
  /** The GraphQL text behind the panel, which can be copied. */
  query?: string;
  onOpenInGraphiql?(): void;
  footer?: ComponentChildren;
  /** Takes a whole row of a `Grid`. */
  wide?: boolean;
  /** The content reaches the border, like that of a table. */
  flush?: boolean;
  /** New values are being loaded while the old ones are shown. */
  refreshing?: boolean;
}

/** A part of a page: a title, a menu and its content, or why there is none and what can be done. */
export function Panel(props: PanelProps) {
  const { title, subtitle, actions, table, footer, wide = false, flush = false, refreshing = false } = props;
  const [asTable, setAsTable] = useState(false);
  const { read, offer } = useOffers();
  const id = useId();
  const isReady = (props.state ?? 'ready') === 'ready';
  const items = menuItems({ ...props, offered: read, asTable, onTable: () => setAsTable(!asTable) });
  const showsTable = asTable && isReady && table !== undefined;
  return (
    <section
      class={`panel${wide ? ' panel-wide' : ''}`}
      aria-labelledby={id}
      aria-busy={refreshing || undefined}
    >
      <header class="panel-head">
        <div class="panel-titles">
          <h2 id={id}>{title}</h2>
          {subtitle !== undefined && <p class="muted">{subtitle}</p>}
        </div>
        {actions}
        {items.length > 0 && <Menu label={`Menu of ${title}`} icon="more" align="end" items={items} />}
      </header>
      <div class={`panel-content${flush || showsTable ? ' panel-flush' : ''}`}>
        <OfferContext.Provider value={offer}>
          <PanelBody {...props} table={showsTable ? table : undefined} />
        </OfferContext.Provider>
      </div>
      {footer !== undefined && <footer class="panel-foot">{footer}</footer>}
    </section>
  );
}

/** What the parts within offer; the first if there are several. */
function useOffers() {
  const [offers, setOffers] = useState<readonly (() => PanelTable)[]>([]);
  const offer: OfferTable = useCallback((read) => {
    setOffers((others) => [...others, read]);
    return () => setOffers((others) => others.filter((other) => other !== read));
  }, []);
  return { read: offers[0], offer };
}
