import { loadConfig } from '../../config/config.ts';
import { type OpenServices, openServices } from '../../services.ts';
import { printResult } from '../output.ts';
import { quietEnvironment } from '../quiet-environment.ts';

type Services = OpenServices['services'];

/** What a command found or did. */
export interface KeysResult {
  /** For a program, with `--json`. */
  readonly result: object;
  /** For a person. */
  readonly lines: readonly string[];
}

/** Runs a command on the configured database, and prints what it returns. */
export async function withServices(
  { json }: { readonly json: boolean },
  work: (services: Services) => Promise<KeysResult>,
): Promise<void> {
  const config = loadConfig(quietEnvironment());
  const opened = await openServices(config);
  try {
    const { result, lines } = await work(opened.services);
    printResult(result, { json, render: () => lines.map((line) => `${line}\n`).join('') });
  } finally {
    await opened.close();
  }
}
