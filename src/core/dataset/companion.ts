import type { ColumnTypes, NameOfKind } from './names.ts';
import type { StateTable } from './state.ts';
import { columnOf, type EntityTable } from './table.ts';

/**
 * A state that an event may bring along in a field of its input. Both are stored in one
 * transaction. A state that already exists stays as it is. An event that is sent again brings
 * nothing, so a state that was deleted in between stays deleted.
 */
export interface Companion {
  /** The field of the event's input that holds the state's input. */
  readonly field: string;
  /** Shown to users. */
  readonly description: string;
  readonly state: StateTable;
  /**
   * Names of columns of the event by names of columns of the state. The state takes over the
   * event's value if its own input has none.
   */
  readonly inherits: Readonly<Record<string, string>>;
}

/** A companion as declared. A column of the state can only take over one of the same kind. */
export interface CompanionOf<Event extends ColumnTypes, State extends ColumnTypes>
  extends Pick<Companion, 'field' | 'description'> {
  readonly state: StateTable<State>;
  readonly inherits: { readonly [Name in keyof State]?: NameOfKind<Event, State[Name]['kind']> };
}

/** @throws Error if the state takes over a column that the event or the state does not have. */
export function assertCompanion(dataset: EntityTable, { state, inherits }: Companion): void {
  for (const [to, from] of Object.entries(inherits)) {
    columnOf(state, to);
    columnOf(dataset, from);
  }
}
