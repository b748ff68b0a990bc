import { Grid } from '../../parts/grid.tsx';
import { Stat } from '../../parts/stat.tsx';

type Optional = number | null | undefined;

interface Totals {
  readonly count: number;
  readonly errorRate?: Optional;
  readonly cost: { readonly sum?: Optional; readonly avg?: Optional };
  readonly latencyMs: { readonly p50?: Optional; readonly p95?: Optional };
  readonly timeToFirstTokenMs: { readonly p50?: Optional };
  readonly tokensPerSecond: { readonly p50?: Optional };
  readonly promptTokens: { readonly sum?: Optional };
  readonly completionTokens: { readonly sum?: Optional };
}

/** The figures of some model calls. */
export function CallFigures({ totals }: { totals: Totals | undefined }) {
  return (
    <Grid min={176} gap="tight">
      <Stat title="Calls" value={totals?.count} unit="count" />
      <Stat title="Failed" value={totals?.errorRate} unit="ratio" />
      <Stat title="Cost" value={totals?.cost.sum} unit="usd" />
      <Stat title="Cost per call" value={totals?.cost.avg} unit="usd" />
      <Stat title="Latency, median" value={totals?.latencyMs.p50} unit="ms" />
      <Stat title="Latency, p95" value={totals?.latencyMs.p95} unit="ms" />
      <Stat title="First token, median" value={totals?.timeToFirstTokenMs.p50} unit="ms" />
      <Stat title="Tokens per second" value={totals?.tokensPerSecond.p50} unit="number" />
      <Stat title="Prompt tokens" value={totals?.promptTokens.sum} unit="tokens" />
      <Stat title="Completion tokens" value={totals?.completionTokens.sum} unit="tokens" />
    </Grid>
  );
}
