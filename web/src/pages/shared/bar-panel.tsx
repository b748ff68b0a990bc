import type { Unit } from '../../format/value.ts';
import { type BarItem, BarList } from '../../parts/bar-list.tsx';
import { QueryPanel, type QueryPanelProps } from './query-panel.tsx';

/** A bar identified by its name. */
export type Bar = Omit<BarItem, 'key' | 'label'> & { readonly name: string };

export interface BarPanelProps<Result> extends Omit<QueryPanelProps<Result>, 'isEmpty' | 'children'> {
  readonly unit: Unit;
  /** The bars for an answer. Without bars, the panel is empty. */
  readonly barsOf: (data: Result) => readonly Bar[];
}

/** A panel whose answer consists of values by name. */
export function BarPanel<Result>({ unit, barsOf, ...panel }: BarPanelProps<Result>) {
  return (
    <QueryPanel {...panel} isEmpty={(data) => barsOf(data).length === 0}>
      {(data) => (
        <BarList
          unit={unit}
          items={barsOf(data).map(({ name, ...bar }) => ({ key: name, label: name, ...bar }))}
        />
      )}
    </QueryPanel>
  );
}
