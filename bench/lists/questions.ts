/** A list or a count, in the form in which a client asks for it. */
export interface ListQuestion {
  readonly name: string;
  readonly graphql: string;
  /**
   * How many times faster it must be with the columns than without them. Below one: rows answer it
   * either way, and it must not become much slower.
   */
  readonly bar: number;
}

/** The higher the number of a user in the generator, the fewer calls it has. */
const RARE_USER = 'user-2400';

const count = (name: string, filter: string | null): ListQuestion => ({
  name: `count: ${name}`,
  graphql: `{ llmCalls${filter === null ? '' : `(filter: { ${filter} })`} { totalCount } }`,
  bar: 2,
});

const page = (name: string, args: string, bar = 2): ListQuestion => ({
  name: `page: ${name}`,
  graphql: `{ llmCalls(first: 50${args}) {
    nodes { uuid timestamp model endUser latencyMs cost } pageInfo { hasNextPage endCursor } } }`,
  bar,
});

const SLOWEST = ', orderBy: { field: LATENCY_MS }';
/** A position after some ten thousand slower calls. */
const DEEP = Buffer.from(
  JSON.stringify(['latencyMs', 'desc', 5_000, 'ffffffff-ffff-7fff-bfff-ffffffffffff']),
).toString('base64url');

export const LIST_QUESTIONS: readonly ListQuestion[] = [
  count('all calls', null),
  count('calls above 2 s', 'latencyMs: { gt: 2000 }'),
  count('calls of a user', 'endUser: { eq: "user-7" }'),
  count('calls of a user above 2 s', 'endUser: { eq: "user-7" }, latencyMs: { gt: 2000 }'),
  count('calls of models with a name', 'model: { contains: "claude" }'),
  page('the slowest', SLOWEST),
  page('the slowest after thousands', `${SLOWEST}, after: "${DEEP}"`),
  page('the dearest failed ones', ', orderBy: { field: COST }, filter: { success: { eq: false } }'),
  page('the newest of a rare user', `, filter: { endUser: { eq: "${RARE_USER}" } }`),
  page('the newest', '', 0.75),
  // With columns, a statement checks the first rows beforehand.
  page('the newest of a provider', ', filter: { provider: { eq: "openai" } }', 0.5),
];
