import { buildSchema, execute, GraphQLError, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { InvalidArgument, Overloaded, TelltaleError } from '../../src/core/errors.ts';
import { codeOfError, createMaskError } from '../../src/graphql/errors.ts';

const schema = buildSchema(`
  type Query { find(first: Int, filter: Filter, ids: [ID!], required: Int!): Int  number: Int! }
  input Filter { cost: Range  and: [Filter!]  name: String! }
  input Range { gt: Float  in: [Float!] }
`);

function setUp() {
  const log: { details: Record<string, unknown>; message: string }[] = [];
  const logger = {
    error: (details: object, message: string) => log.push({ details: { ...details }, message }),
  };
  return { log, maskError: createMaskError(logger, () => 'id-1') };
}

describe('maskError', () => {
  it('keeps the code, the message and the details of our own errors', () => {
    const { maskError, log } = setUp();
    const located = (originalError: Error) => new GraphQLError('wrapped', { path: ['field'], originalError });
    expect(maskError(located(new InvalidArgument('Wrong.', 'range.last')))).toMatchObject({
      message: 'Wrong.',
      path: ['field'],
      extensions: { code: 'BAD_USER_INPUT', argument: 'range.last' },
    });
    expect(maskError(located(new Overloaded(250))).extensions).toEqual({
      code: 'OVERLOADED',
      retryAfterMs: 250,
    });
    expect(maskError(new TelltaleError('NOT_FOUND', 'Not here.'))).toMatchObject({
      message: 'Not here.',
      extensions: { code: 'NOT_FOUND' },
    });
    expect(log).toEqual([]);
  });

  it('hides unexpected errors behind a correlation id, and logs them', async () => {
    const { maskError, log } = setUp();
    const secret = new Error('password=hunter2');
    const result = await execute({
      schema,
      document: parse('{ number }'),
      rootValue: {
        number: () => {
          throw secret;
        },
      },
    });
    const masked = maskError(result.errors?.[0]);
    expect(JSON.stringify(masked)).not.toContain('hunter2');
    expect(masked.message).toContain('id-1');
    expect(masked).toMatchObject({
      path: ['number'],
      extensions: { code: 'INTERNAL', correlationId: 'id-1' },
    });
    expect(log).toEqual([
      {
        details: { correlationId: 'id-1', err: secret, path: ['number'] },
        message: expect.stringMatching(/./),
      },
    ]);
  });

  it('treats a value that its type refuses as a server error', async () => {
    const { maskError, log } = setUp();
    for (const number of ['many', null]) {
      const { errors } = await execute({ schema, document: parse('{ number }'), rootValue: { number } });
      expect(maskError(errors?.[0]).extensions['code']).toBe('INTERNAL');
    }
    expect(log).toHaveLength(2);
  });

  it('hides thrown values that are not errors', () => {
    const { maskError } = setUp();
    expect(maskError('text').extensions['code']).toBe('INTERNAL');
    expect(maskError(undefined).extensions['code']).toBe('INTERNAL');
  });

  it.each([
    ['{ find(first: "x", required: 1) }', 'first'],
    ['{ find(required: 1, filter: { cost: { gt: "x" }, name: "n" }) }', 'filter.cost.gt'],
    ['{ find(required: 1, filter: { cost: { in: [1, "x"] }, name: "n" }) }', 'filter.cost.in'],
    ['{ find(required: 1, filter: { name: "n", and: [{ name: "a" }, { name: 1 }] }) }', 'filter.and.name'],
    ['{ find(required: 1, filter: { name: "n", unknown: { a: 1 } }) }', 'filter.unknown'],
    ['{ find(required: 1, last: 3) }', 'last'],
  ])('names the argument in %s', (source, argument) => {
    const { maskError } = setUp();
    const [error] = validate(schema, parse(source));
    expect(maskError(error)).toMatchObject({
      message: error?.message,
      extensions: { code: 'BAD_USER_INPUT', argument, http: { status: 400 } },
    });
  });

  it('does not name an argument if the fault is not in a value', () => {
    const { maskError } = setUp();
    const [error] = validate(schema, parse('{ nothing }'));
    expect(maskError(error).extensions).toEqual({
      code: 'BAD_USER_INPUT',
      http: { spec: true, status: 400 },
    });
  });

  it('names the variable that is not valid', async () => {
    const { maskError } = setUp();
    const document = parse('query ($first: Int) { find(first: $first, required: 1) }');
    const { errors } = await execute({ schema, document, variableValues: { first: 'x' } });
    expect(maskError(errors?.[0]).extensions).toMatchObject({ code: 'BAD_USER_INPUT', variable: 'first' });
  });

  it('gives syntax errors a code', () => {
    const { maskError } = setUp();
    let error: unknown;
    try {
      parse('{ find(');
    } catch (thrown) {
      error = thrown;
    }
    expect(maskError(error)).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
      locations: [{ line: 1, column: 8 }],
    });
  });
});

it('knows the code of an error that does not come from GraphQL', () => {
  expect(codeOfError(new RangeError('Maximum call stack size exceeded'))).toBe('INTERNAL');
  expect(codeOfError(new InvalidArgument('Too deep.', 'filter'))).toBe('BAD_USER_INPUT');
});
