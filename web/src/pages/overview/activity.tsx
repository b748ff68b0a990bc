import { Tabs } from '../../parts/tabs.tsx';
import { param, setParams } from '../../state/location.ts';
import { CallCharts, type CallGrouping } from '../shared/call-charts.tsx';

const GROUPINGS: readonly CallGrouping[] = ['provider', 'model', 'service'];

const grouping = (): CallGrouping => GROUPINGS.find((name) => name === param('by').value) ?? 'provider';

/** Calls, cost, latency and failures over time, by provider, model or service. */
export function Activity() {
  return (
    <section class="overview-charts" aria-label="Trends">
      <Tabs
        label="Group by"
        tabs={GROUPINGS.map((name) => ({ key: name, label: `By ${name}` }))}
        selected={grouping()}
        onSelect={(name: string) => setParams({ by: name === 'provider' ? null : name })}
      />
      <CallCharts by={grouping} group="overview" height={266} />
    </section>
  );
}
