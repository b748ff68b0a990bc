import { extendSchema, type GraphQLSchema, parse } from 'graphql';
import type { Context } from '../../../src/graphql/context.ts';
import { runQuery } from '../../../src/graphql/run-query.ts';
import type { TestDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL, type TestGraphQLOptions } from '../../support/graphql.ts';

/**
 * Adds a mutation that runs each query of a list at the same time, in the context of the mutation.
 */
function withRunQueries(schema: GraphQLSchema): GraphQLSchema {
  const extension = 'extend type Mutation { runQueries(queries: [String!]!, variables: JSON): [JSON!] }';
  const extended = extendSchema(schema, parse(extension));
  const field = extended.getMutationType()?.getFields()['runQueries'];
  if (field === undefined) throw new Error('The schema was not extended.');
  field.resolve = (_root, { queries, variables }, context: Context, info) =>
    Promise.all(
      queries.map((source: string, index: number) =>
        runQuery({
          schema: info.schema,
          context,
          limits: context.services.config.limits,
          source,
          argument: `queries.${index}`,
          variables,
        }),
      ),
    );
  return extended;
}

export function startWithRunQueries(
  database: TestDatabase,
  options?: TestGraphQLOptions,
): Promise<TestGraphQL> {
  return startGraphQL(database, { ...options, extend: withRunQueries });
}

export const RUN_QUERIES =
  'mutation ($queries: [String!]!, $variables: JSON) { runQueries(queries: $queries, variables: $variables) }';
export const RECORD = 'mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted } }';
