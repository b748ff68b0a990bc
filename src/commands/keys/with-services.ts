import { loadConfig } from '../../config/config.ts';
import { type OpenServices, openServices } from '../../services.ts';
import { withClearFailures } from '../failures.ts';
import { printResult } from '../output.ts';

type Services = OpenServices['services'];

/** What a command found or did. */
export interface KeysResult {
  /** For a program, with `--json`. */
  readonly result: object;
  /** For a person. */
  readonly lines: readonly string[];
}

/** Runs a command on the configured database, and prints what it returns. */
export function withServices(
  { json }: { readonly json: boolean },
  work: (services: Services) => Promise<KeysResult>,
): Promise<void> {
  return withClearFailures(async () => {
    const config = loadConfig({ ...process.env, LOG_LEVEL: process.env.LOG_LEVEL || 'warn' });
    const opened = await openServices(config);
    try {
      const { result, lines } = await work(opened.services);
      printResult(result, { json, render: () => lines.map((line) => `${line}\n`).join('') });
    } finally {
      await opened.close();
    }
  });
}
