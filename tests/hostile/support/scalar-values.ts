import type { Named } from './bad-values.ts';

/** JSON of a type that most scalars do not accept. */
export const SHAPES: readonly Named[] = [
  ['a number', 7],
  ['a fraction', -1.5],
  ['a Boolean', true],
  ['a text', 'text'],
  ['an empty list', []],
  ['an object', { a: 1 }],
  ['a list of lists', [[['a']]]],
  ['a member named as the prototype', JSON.parse('{"__proto__": 1}')],
];

/** A placeholder for a number that JSON can write but JavaScript cannot hold. See `toJson`. */
const INFINITE = '\ue000infinite\ue000';

/** JSON with the numbers that `JSON.stringify` cannot write. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(JSON.stringify(INFINITE), '1e999');
}

const MEBIBYTE = 1024 * 1024;
const named = (...values: unknown[]): Named[] => values.map((value) => [JSON.stringify(value), value]);

const TEXTS: readonly Named[] = [
  ['a plain one', 'revenue'],
  ['an empty text', ''],
  ['spaces', ' \t\r\n '],
  ['SQL behind a quote', "'; DROP TABLE llm_calls; --"],
  ['SQL behind a double quote', '" OR ""="" UNION SELECT 1,2,3 --'],
  ['SQL behind a backslash', "\\'; VACUUM; --"],
  ['wildcards', '%_\\%[a-z]*?'],
  ['placeholders', '? $1 :name @p0 {0}'],
  ['a template', `\${jndi:ldap://a.invalid/a} {{7*7}} <%= 7 %>`],
  ['a path', '../../../../etc/passwd\0.png'],
  ['a URL', 'file:///etc/passwd'],
  ['markup', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
  ['headers', 'a\r\nSet-Cookie: a=b\r\n\r\n'],
  ['the character U+0000', '\0'],
  ['the character U+0000 inside', 'a\0b'],
  ['half a surrogate pair', '\ud800'],
  ['the other half', 'a\udc00b'],
  ['right to left', '\u202eabc\u2066def\u200f'],
  ['control characters', '\u0001\u0007\u001b[2J\u001b[31m\u007f\u0085'],
  ['no characters', '\ufeff\u200b\ufffe\uffff'],
  ['a stack of accents', `a${'\u0301'.repeat(2_000)}`],
  ['emoji', '👩‍👩‍👧‍👦'.repeat(200)],
  ['an expression that is slow to match', `${'a'.repeat(5_000)}!(a+)+$`],
  ['names of JavaScript', '__proto__'],
  ['a number in a text', '1e999'],
  ['10,000 characters', 'x'.repeat(10_000)],
  ['1 MB', 'y'.repeat(MEBIBYTE)],
];

const NUMBERS: readonly Named[] = [
  ...named(0, -1, 2_147_483_647, -2_147_483_648, 2_147_483_648, Number.MAX_SAFE_INTEGER, 1e18, 1e308, -1e308),
  ...named(5e-324, Number.MIN_SAFE_INTEGER, 9_007_199_254_740_992, '1', 'NaN', 'Infinity', 501, 100_000),
  ['infinite', INFINITE],
  ['minus zero', -0],
];

const TIMES = named(
  '0001-01-01T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '0000-01-01T00:00:00+14:00',
  '-000001-12-31T23:59:59Z',
  '-271821-04-20T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59.999-23:59',
  '+010000-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '2026-02-30T00:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01T23:59:60Z',
  '2026-01-01T00:00:00+99:99',
  '2026-01-01T00:00:00.123456789012345678901234567890Z',
  '2026-01-01',
  '1970-01-01T00:00:00Z',
  'now',
  'NaN',
  'Invalid Date',
  '',
);

const DURATIONS = named(
  ...['PT0S', '-P1D', '-PT1S', 'PT0.000000001S', 'PT1S', 'P1M', 'P1Y', 'P36500D', 'P9999Y', 'P2147483648D'],
  ...['P9007199254740991D', 'P99999999999999999999Y', `P${'9'.repeat(400)}D`, 'PT9007199254740992S'],
  ...['P', 'PT', '', 'P1D; --', 'PT1H1H', 'p1d', 'P1.5D', '\0P1D', 'PT2562047788015215H', 'P4294967295W'],
);

const ZONES = named(
  ...[
    '',
    'Mars/Olympus',
    '+99:99',
    '+23:59',
    '-23:59',
    '+24:00',
    '-00:00',
    'UTC\0',
    '../../etc/passwd',
    'GMT+25',
  ],
  ...[
    "UTC'; --",
    '+05:30:15',
    'Etc/GMT+12',
    'Pacific/Apia',
    'asia/KOLKATA',
    'posixrules',
    'localtime',
    '\ud800',
  ],
  'Z'.repeat(100_000),
);

const UUIDS: readonly Named[] = [
  ...named('', '00000000-0000-0000-0000-000000000000', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'),
  ...named('{00000000-0000-7000-8000-000000000001}', '00000000000070008000000000000001'),
  ...named('00000000-0000-7000-8000-00000000000g', "00000000-0000-7000-8000-000000000001'; --"),
  ['half a surrogate pair', '\ud800'],
  ['U+0000', '00000000-0000-7000-8000-000000000001\0'],
];

const JSON_VALUES: readonly Named[] = [
  ...named(null, 0, -1, true, '', 'text', [], {}, [null], { a: null }, [[[]]], 9_007_199_254_740_992, 1e308),
  ['infinite', INFINITE],
  ['infinite inside', { eq: INFINITE }],
  ['1,000 levels of lists', JSON.parse('['.repeat(1_000) + ']'.repeat(1_000))],
  ['1,000 levels of objects', JSON.parse(`${'{"and":['.repeat(1_000)}${']}'.repeat(1_000)}`)],
  ['a member named as the prototype', JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}')],
  ['a name with U+0000', { 'a\0b': 'c\0d' }],
  ['a name of half a surrogate pair', { '\ud800': '\udc00' }],
  ['a name with SQL', { "'); DROP TABLE llm_calls; --": "'" }],
  ['an empty name', { '': { '': '' } }],
  ['many members', Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`m${index}`, index]))],
  ['a filter of nothing', { nope: { eq: 1 } }],
  ['a filter without an operator', { model: { nope: 1 }, and: {}, or: 1, not: [] }],
  ['1 MB', 'z'.repeat(MEBIBYTE)],
];

const PATHS = [
  ...TEXTS,
  ...named('.', 'a.', '"', '"a"b', '"\\ud800"', '__proto__', 'list.0', `a${'.a'.repeat(10)}`),
];

/** Bad values of the JSON type that each scalar accepts, and some good ones at the limit. */
export const FITTING: Readonly<Record<string, readonly Named[]>> = {
  String: TEXTS,
  ID: [...TEXTS, ...UUIDS],
  UUID: UUIDS,
  Int: NUMBERS,
  SafeInt: NUMBERS,
  Float: NUMBERS,
  Boolean: named('true', 'false', 0, 1, ''),
  DateTime: TIMES,
  Duration: DURATIONS,
  TimeZone: ZONES,
  AttributePath: PATHS,
  JSON: JSON_VALUES,
  Tags: JSON_VALUES,
};
