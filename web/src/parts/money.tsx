import { formatValue, NO_VALUE } from '../format/value.ts';

/** An amount in US dollars, short, with every digit as its title. Null means that no price is known. */
export function Money({ usd }: { usd: number | null | undefined }) {
  if (usd === null || usd === undefined) return <span title="No price is known.">{NO_VALUE}</span>;
  return (
    <span class="nowrap" title={formatValue(usd, 'usd', 'long')}>
      {formatValue(usd, 'usd')}
    </span>
  );
}
