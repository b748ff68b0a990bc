/** Differences between Citus and a single PostgreSQL, which are not tested on Citus. */
const NOT_ON_CITUS = {
  PLANS: 'A plan names what the coordinator does; each node chooses its own, by its own statistics.',
  SQL_TEXT: 'The statements are others. Their answers are compared all the same.',
  TRIGGERS:
    'Citus refuses triggers on spread tables. Full-text search is over states, which are on the coordinator.',
  COLUMNS: 'A database with Citus has no columnar copy.',
  CROSS_JOIN: 'The test makes a read long by a join of events without a condition, which Citus refuses.',
  ONE_MOMENT: 'Cells are made with appends locked out, because no snapshot has all nodes at one moment.',
  PAGES: 'The pages of shards are checked on their nodes, by pg_amcheck; the check says so.',
} as const;

/** Whether tests run on a Citus of three nodes (`npm run test:citus`). */
export const isCitus = process.env.TEST_CITUS === '1';

/** For `test.skipIf`: the tested behaviour differs on Citus, for the named reason. */
export const notOnCitus = (_reason: keyof typeof NOT_ON_CITUS): boolean => isCitus;
