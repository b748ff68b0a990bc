/** The ways to a database: see docs/configuration.md. */
export interface DatabaseAddresses {
  readonly databaseUrl: string;
  readonly directUrl: string;
  readonly replica: { readonly url: string } | null;
}

/** The state of the ways besides the direct one. */
export interface AddressFacts {
  /** Null: there is none. */
  readonly pooler: { readonly problem: string | null } | null;
  /**
   * Null: there is none. `behindBytes`: how much of the log it has yet to replay; null: unknown.
   */
  readonly replica: { readonly problem: string | null; readonly behindBytes: number | null } | null;
}
