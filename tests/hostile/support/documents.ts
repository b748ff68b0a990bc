/** The request of a client: its members, or the whole body as text. */
export type Body = string | Readonly<Record<string, unknown>>;

const MEBIBYTE = 1024 * 1024;
const times = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));
const CALLS = 'llmCalls(first: 1) { nodes { id } }';

/** Documents with a hostile form, for any schema. */
export const DOCUMENTS: Readonly<Record<string, Body>> = {
  '10,000 aliases': { query: `{ ${times(10_000, (index) => `a${index}: ${CALLS}`).join(' ')} }` },
  '10,000 times the same field': { query: `{ ${'__typename '.repeat(10_000)} }` },
  '51 aliases through fragments': {
    query: `{ ${times(51, (index) => `...f${index}`).join(' ')} } ${times(51, (index) => `fragment f${index} on Query { a${index}: __typename }`).join(' ')}`,
  },
  'fragments that double each other': {
    query: `{ ...f0 } ${times(40, (index) => `fragment f${index} on Query { ...f${index + 1} ...f${index + 1} }`).join(' ')} fragment f40 on Query { __typename }`,
  },
  'a fragment that contains itself': { query: '{ ...a } fragment a on Query { ...a }' },
  'fragments in a cycle': {
    query: '{ ...a } fragment a on Query { ...b } fragment b on Query { ...c } fragment c on Query { ...a }',
  },
  'a cycle below a list': {
    query: '{ llmCalls { nodes { ...a } } } fragment a on LlmCall { requestLog { llmCalls { ...a } } }',
  },
  'relations nested 100 deep': {
    query: `{ requestLogs { nodes ${'{ llmCalls { requestLog '.repeat(100)}{ id }${' } }'.repeat(100)} } }`,
  },
  'fields nested 5,000 deep': { query: `${'{ node '.repeat(5_000)}${'}'.repeat(5_000)}` },
  'introspection nested 30 deep': {
    query: `{ __schema { types { fields { type ${'{ ofType '.repeat(30)}{ name }${' }'.repeat(30)} } } } }`,
  },
  'introspection in a cycle': {
    query:
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
  },
  'a query of 5 MB in spaces': { query: `{ __typename ${' '.repeat(5 * MEBIBYTE)} }` },
  'a query of 5 MB in a comment': { query: `{ __typename } # ${'a'.repeat(5 * MEBIBYTE)}` },
  'a query of 5 MB in a text': {
    query: `{ searchMetrics(query: "${'word '.repeat(MEBIBYTE)}") { totalCount } }`,
  },
  'a query of 5 MB in fields': { query: `{ ${'llmCalls { totalCount } '.repeat(220_000)} }` },
  'a query of 5 MB in a name': { query: `{ ${'n'.repeat(5 * MEBIBYTE)} }` },
  'a list of 4,000 values': { query: `{ nodes(ids: [${'"a" '.repeat(4_000)}]) { id } }` },
  '1,000 directives': { query: `{ __typename ${'@include(if: true) '.repeat(1_000)} }` },
  '1,000 unknown directives': { query: `{ __typename ${'@nope '.repeat(1_000)} }` },
  '1,000 wrong fields': { query: `{ ${times(1_000, (index) => `llmCall${index}`).join(' ')} }` },
  '1,000 wrong arguments': {
    query: `{ llmCalls(${times(1_000, (index) => `firs${index}: 1`).join(' ')}) { totalCount } }`,
  },
  '1,000 operations': {
    query: times(1_000, (index) => `query q${index} { __typename }`).join(' '),
    operationName: 'q7',
  },
  '1,000 operations of one name': { query: 'query q { __typename } '.repeat(1_000) },
  '1,000 unused fragments': {
    query: `{ __typename } ${times(1_000, (index) => `fragment f${index} on Query { __typename }`).join(' ')}`,
  },
  '1,000 unused variables': {
    query: `query (${times(1_000, (index) => `$v${index}: Int`).join(' ')}) { __typename }`,
  },
  'fields that overlap': {
    query: `{ ${times(300, (index) => `llmCalls(first: ${index + 1}) { nodes { id } }`).join(' ')} }`,
  },
  'no operation': { query: 'fragment f on Query { __typename }' },
  'a schema': { query: 'type Query { a: Int } extend type Query { b: Int }' },
  'an empty text': { query: '' },
  'only a comment': { query: '#' },
  'U+0000': { query: '{ \0 }' },
  'half a surrogate pair': { query: '{ \ud800 }' },
  'half a surrogate pair in a text': { query: '{ agent(agentId: "\ud800") { id } }' },
  'half a surrogate pair as an escape': { query: '{ agent(agentId: "\\uD800") { id } }' },
  'a character beyond Unicode': { query: '{ agent(agentId: "\\u{FFFFFFFF}") { id } }' },
  'right to left': { query: '{ \u202e }' },
  'a subscription to two fields': {
    query: 'subscription { healthChanged { __typename } taskBoardChanged { __typename } }',
  },
  'a subscription to the type': { query: 'subscription { __typename }' },
  'an unknown operation': { query: 'query a { __typename }', operationName: '__proto__' },
  'an operation named by a path': { query: 'query a { __typename }', operationName: '../../etc/passwd\0' },
  'an operation name of 1 MB': { query: 'query a { __typename }', operationName: 'n'.repeat(MEBIBYTE) },
  'an empty operation name': { query: 'query a { __typename } query b { __typename }', operationName: '' },
  'an operation with the name of the prototype': {
    query: 'query __proto__ { __typename }',
    operationName: '__proto__',
  },
  'a variable with the name of the prototype':
    '{"query":"query ($__proto__: Int) { metricUsageStats(metricId: \\"a\\", days: $__proto__) { total } }","variables":{"__proto__":7}}',
  '10,000 variables that nobody asks for': {
    query: '{ __typename }',
    variables: Object.fromEntries(times(10_000, (index) => [`v${index}`, index])),
  },
  'variables of 5 MB': { query: '{ __typename }', variables: { a: 'v'.repeat(5 * MEBIBYTE) } },
  'variables nested 100,000 deep': `{"query":"{ __typename }","variables":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
  'a body nested 1,000,000 deep': '['.repeat(1_000_000),
  'extensions of every kind': {
    query: '{ __typename }',
    extensions: { persistedQuery: { version: 1, sha256Hash: '../..' }, a: null },
  },
  'the id of a document that is a path': { documentId: 'sha256:../../../../etc/passwd' },
  'the id of a document of 1 MB': { documentId: `sha256:${'0'.repeat(MEBIBYTE)}` },
  'the id of an unknown document': { documentId: `sha256:${'0'.repeat(64)}`, query: '' },
  'the id of a document that is an object': { documentId: { toString: '__proto__' } },
  'members that contradict each other':
    '{"query":"{ __typename }","query":7,"__proto__":{"query":"{ health { status } }"}}',
  'a body of 5 MB of spaces': ' '.repeat(5 * MEBIBYTE),
};

/** Literals that JSON cannot write, wherever an argument accepts a scalar. */
export const LITERALS: readonly string[] = [
  'NaN',
  'Infinity',
  '-Infinity',
  '1e999',
  '-1e999',
  '00',
  '1.',
  '0x10',
  '99999999999999999999999999999999999999',
  '$undefined',
  '"""block " text"""',
  '"unterminated',
  '"\\ud800"',
  '{a: {b: NaN}}',
  '[[NaN]]',
  'null',
  '{__proto__: 1}',
  '__proto__',
];
