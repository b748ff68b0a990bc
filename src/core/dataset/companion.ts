import type { ColumnTypes, NameOfKind } from './names.ts';
import type { StateTable } from './state.ts';
import { columnOf, type EntityTable } from './table.ts';

/**
 * A state that an event may bring along in a field of its input. Both are stored in one
 * transaction; where there is such a state already it stays as it is. An event that is sent again
 * brings nothing: a state that was deleted since stays deleted.
 */
export interface Companion {
  /** The field of the event's input that holds the state's input. */
  readonly field: string;
  /** Shown to users. */
  readonly description: string;
  readonly state: StateTable;
  /**
   * Columns of the event, by name, whose values the state takes over; where the state's input has
   * none of its own.
   */
  readonly inherits: Readonly<Record<string, string>>;
}

/** As it is declared: each column of the state takes over one of the same kind. */
export interface CompanionOf<Event extends ColumnTypes, State extends ColumnTypes>
  extends Pick<Companion, 'field' | 'description'> {
  readonly state: StateTable<State>;
  readonly inherits: { readonly [Name in keyof State]?: NameOfKind<Event, State[Name]['kind']> };
}

/** @throws Error when a state takes over what one of both has no column for. */
export function assertCompanion(dataset: EntityTable, { state, inherits }: Companion): void {
  for (const [to, from] of Object.entries(inherits)) {
    columnOf(state, to);
    columnOf(dataset, from);
  }
}
