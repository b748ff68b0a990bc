import '../styles/tabs.css';

/** A tab. With `href` it is a link: its choice is then part of the address. */
export interface Tab {
  key: string;
  label: string;
  /** Shown after the label, such as the number of alerts. */
  count?: number | string;
  href?: string;
}

interface TabsProps {
  /** What the tabs divide, read aloud. */
  label: string;
  tabs: readonly Tab[];
  selected: string;
  onSelect?(key: string): void;
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };

/** Parts of a page of which one is shown. The caller shows it. */
export function Tabs({ label, tabs, selected, onSelect }: TabsProps) {
  if (tabs.some(({ href }) => href !== undefined)) {
    return (
      <nav class="tabs" aria-label={label}>
        {tabs.map((tab) => (
          <a
            key={tab.key}
            class="tab"
            href={tab.href}
            aria-current={tab.key === selected ? 'page' : undefined}
            onClick={() => onSelect?.(tab.key)}
          >
            <TabText tab={tab} />
          </a>
        ))}
      </nav>
    );
  }
  const move = (event: KeyboardEvent, index: number) => {
    const step = STEPS[event.key];
    const next = step === undefined ? undefined : tabs[(index + step + tabs.length) % tabs.length];
    if (next === undefined || !(event.currentTarget instanceof HTMLElement)) return;
    const sibling = event.currentTarget.parentElement?.children[tabs.indexOf(next)];
    if (sibling instanceof HTMLElement) sibling.focus();
    onSelect?.(next.key);
  };
  return (
    <div class="tabs" role="tablist" aria-label={label}>
      {tabs.map((tab, index) => (
        <button
          key={tab.key}
          type="button"
          role="tab"
          class="tab"
          aria-selected={tab.key === selected}
          tabIndex={tab.key === selected ? 0 : -1}
          onClick={() => onSelect?.(tab.key)}
          onKeyDown={(event) => move(event, index)}
        >
          <TabText tab={tab} />
        </button>
      ))}
    </div>
  );
}

function TabText({ tab: { label, count } }: { tab: Tab }) {
  return (
    <>
      {label}
      {count !== undefined && <span class="tab-count">{count}</span>}
    </>
  );
}
