/** The flag of commands whose result a program may read. */
export const JSON_ARGUMENT = {
  json: { type: 'boolean', description: 'Print the result as one JSON document', default: false },
} as const;

/**
 * Prints the result of a command to standard output: for a program as one JSON document with a line
 * break at its end, for a person as text. Progress belongs on standard error.
 *
 * @param result must be expressible as JSON; times are ISO 8601
 */
export function printResult<Result>(
  result: Result,
  {
    json,
    render,
    output = process.stdout,
  }: {
    readonly json: boolean;
    readonly render: (result: Result) => string;
    readonly output?: { write(text: string): unknown };
  },
): void {
  output.write(json ? `${JSON.stringify(result, null, 2)}\n` : render(result));
}
