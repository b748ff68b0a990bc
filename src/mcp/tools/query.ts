import { type DocumentNode, GraphQLError, getOperationAST, parse } from 'graphql';
import * as z from 'zod';
import { InvalidArgument, TelltaleError } from '../../core/errors.ts';
import { describe, unanswered } from '../answers.ts';
import type { Answer } from '../asker.ts';
import { cutToFit, type Fitted } from '../cut-to-fit.ts';
import { defineTool } from '../tool.ts';

const DEFAULT_CHARACTERS = 40_000;
const MAX_CHARACTERS = 400_000;
/** The engine has its own limit. This one bounds the parser here. */
const MAX_TOKENS = 10_000;

const JSON_OBJECT = z.record(z.string(), z.unknown());

const CUT = z.object({
  lists: z
    .array(z.object({ path: z.string(), kept: z.number(), of: z.number() }))
    .describe('Lists that show only their first items: `kept` of `of`.'),
  texts: z.number().describe('Number of texts that were cut off.'),
  advice: z.string().describe('How to ask for less, or for the rest.'),
});

/** `query`: any read-only GraphQL operation. */
export const query = defineTool({
  name: 'query',
  title: 'Query with GraphQL',
  description:
    'Runs one read-only GraphQL operation with the rights and limits of the API key. Use it when ' +
    'no other tool answers the question; `describe_schema` shows fields and working examples. ' +
    'Select few fields: a long answer is cut, and says where. Mutations and subscriptions are ' +
    'rejected.',
  input: z.strictObject({
    query: z
      .string()
      .optional()
      .describe('The document, such as `{ summary(range: { last: "P1D" }) { requests totalCost } }`.'),
    variables: JSON_OBJECT.optional().describe('The values of its variables.'),
    operationName: z.string().optional().describe('The operation to run, if the document has several.'),
    documentId: z
      .string()
      .optional()
      .describe('Instead of `query`: the id of a trusted document, for keys that accept nothing else.'),
    maxCharacters: z
      .int()
      .min(1_000)
      .max(MAX_CHARACTERS)
      .default(DEFAULT_CHARACTERS)
      .describe('Maximum number of characters of JSON in the answer.'),
  }),
  output: z.object({
    data: JSON_OBJECT.nullable().describe('The values of the fields, by their names or aliases.'),
    errors: z.array(z.string()).optional().describe('Errors of individual fields, which are null.'),
    extensions: JSON_OBJECT.optional().describe('`cost` of the query, and `kept` if data has expired.'),
    cut: CUT.optional().describe('Present if the answer was cut because it was too long.'),
  }),
  async run({ maxCharacters, ...operation }, asker) {
    expectReading(operation);
    const answer = await asker.ask(operation);
    if (answer.data == null) throw withHint(unanswered(answer.errors ?? []), operation);
    return { structured: shown({ ...answer, data: answer.data }, maxCharacters) };
  },
});

interface Given {
  readonly query?: string | undefined;
  readonly operationName?: string | undefined;
  readonly documentId?: string | undefined;
}

/** @throws TelltaleError for a document that cannot be parsed, or that does more than read */
function expectReading({ query: source, documentId, operationName }: Given): void {
  if (source === undefined) {
    if (documentId !== undefined) return;
    throw new InvalidArgument('Give `query`, such as "{ health { status } }".', 'query');
  }
  const kind = getOperationAST(parseDocument(source), operationName)?.operation;
  if (kind === undefined || kind === 'query') return;
  throw new TelltaleError(
    'FORBIDDEN',
    `This tool is read-only: it cannot run a ${kind}. ` +
      (kind === 'mutation'
        ? 'Send mutations to the GraphQL endpoint, with a key that allows them.'
        : 'Call `query` again to get updates, or subscribe at the GraphQL endpoint.'),
  );
}

function parseDocument(source: string): DocumentNode {
  try {
    return parse(source, { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const { message, locations } = error;
    throw new InvalidArgument(describe({ message, ...(locations && { locations }) }), 'query');
  }
}

type Answered = Answer & { readonly data: Readonly<Record<string, unknown>> };

function shown({ data, errors = [], extensions }: Answered, maxCharacters: number) {
  const fitted = cutToFit(data, maxCharacters);
  if (fitted === null) {
    throw new TelltaleError(
      'QUERY_TOO_COMPLEX',
      `The answer does not fit into ${maxCharacters} characters, even with one item of each list. ` +
        'Select fewer fields, or split the query.',
    );
  }
  const isCut = fitted.lists.length > 0 || fitted.texts > 0;
  return {
    data: fitted.value as Record<string, unknown>,
    ...(errors.length > 0 && { errors: errors.map(describe) }),
    ...(extensions && { extensions: { ...extensions } }),
    ...(isCut && { cut: describeCut(fitted, maxCharacters) }),
  };
}

function describeCut({ lists, texts }: Fitted, maxCharacters: number): z.output<typeof CUT> {
  return {
    lists: [...lists],
    texts,
    advice:
      `The answer was longer than ${maxCharacters} characters. Ask for less: fewer fields, a ` +
      'smaller `first`, a shorter range or a coarser `grain`. Read the rest of a list with `first` ' +
      'and `after`, which takes the `endCursor` of its `pageInfo`. Or raise `maxCharacters`.',
  };
}

const ABOUT_NAMES =
  /^BAD_USER_INPUT: (?:Cannot query field|Unknown|Field "\w+" argument|Field "\w+" of type)/;

/** Says what to do: a model that misremembers a name can look it up. */
function withHint(error: TelltaleError, { documentId }: Given): TelltaleError {
  const hint = ABOUT_NAMES.test(error.message)
    ? '`describe_schema` with the name of the type or field shows what exists.'
    : documentId !== undefined && error.code === 'BAD_USER_INPUT'
      ? 'This tool runs queries only, no mutations and no subscriptions.'
      : null;
  return hint === null ? error : new TelltaleError(error.code, `${error.message}\n${hint}`);
}
