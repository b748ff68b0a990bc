import { expect } from 'vitest';
import { choicesOf, type Dashboard, type InfinityQuery } from './dashboards.ts';

/** The view of a person: the range, and the chosen values of the variables. */
export interface View {
  readonly from: number;
  readonly to: number;
  readonly intervalMs: number;
  /** The values by name. A variable that is missing here has the value "All". */
  readonly chosen?: Readonly<Record<string, readonly string[]>>;
}

/** The body of the request that the plugin creates from a query. */
export interface GraphQLRequest {
  readonly query: string;
  readonly variables: Record<string, unknown> | null;
}

/**
 * Grafana replaces the variables that it knows. Then the plugin replaces its macros, but only in
 * the text of the query.
 */
export function requestOf(dashboard: Dashboard, { url_options }: InfinityQuery, view: View): GraphQLRequest {
  const known = valuesOf(dashboard, view);
  const replaced = (text: string) =>
    text.replace(
      /\$\{(\w+)(?::(\w+))?\}|\$(\w+)/g,
      (whole, braced, _format, bare) => known[braced ?? bare] ?? whole,
    );
  const query = replaced(url_options.body_graphql_query)
    .replace(/\$\{__timeFrom\}/g, String(view.from))
    .replace(/\$\{__timeTo\}/g, String(view.to));
  const variables = replaced(url_options.body_graphql_variables);
  expect(`${query}${variables}`).not.toContain('${');
  return { query, variables: variables === '' ? null : JSON.parse(variables) };
}

function valuesOf(dashboard: Dashboard, { intervalMs, chosen = {} }: View): Readonly<Record<string, string>> {
  const choices = choicesOf(dashboard).map(({ name, allValue = '' }) => [
    name,
    // Grafana inserts its own text for "All" unchanged, and other values separated by commas.
    chosen[name]?.join(',') ?? allValue,
  ]);
  return { ...Object.fromEntries(choices), __interval_ms: String(intervalMs), __timezone: 'Europe/Berlin' };
}

/** Queries the server as the plugin does. */
export async function ask(server: string, { url, url_options }: InfinityQuery, body: GraphQLRequest) {
  const response = await fetch(new URL(url, server), {
    method: url_options.method,
    headers: {
      accept: 'application/json;q=0.9,text/plain',
      'accept-encoding': 'gzip',
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return response.json();
}

type Row = Readonly<Record<string, unknown>>;

/** The rows of the data frame that the plugin creates from an answer. */
export function rowsOf({ parser, root_selector, columns }: InfinityQuery, answer: object): readonly Row[] {
  if (parser === 'jq-backend') return choicesBy(root_selector, answer);
  const root = within(answer, root_selector);
  const rows = (Array.isArray(root) ? root : [root]) as readonly object[];
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ selector, text }) => [text, within(row, selector)])),
  );
}

/** A gjson path: keys separated by dots; a backslash escapes a dot within a key. */
function within(value: object, path: string): unknown {
  const keys = path.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
  return keys.reduce<unknown>((inner, key) => (inner as Row | null)?.[key], value);
}

/** The result of the only jq program that the variables use. It turns rows into choices. */
function choicesBy(program: string, answer: object): readonly Row[] {
  const [, name = ''] = /^\[\.data\.table\[\] \| \{text: \(\.(\w+)/.exec(program) ?? [];
  expect(program).toBe(
    `[.data.table[] | {text: (.${name} // "(none)"), value: ({${name}: {eq: .${name}}} | tojson)}]`,
  );
  const rows = within(answer, 'data.table') as readonly Row[];
  return rows.map(({ [name]: value }) => ({
    text: value ?? '(none)',
    value: JSON.stringify({ [name]: { eq: value } }),
  }));
}
