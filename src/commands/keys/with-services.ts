import { loadConfig } from '../../config/config.ts';
import { type OpenServices, openServices } from '../../services.ts';
import { withClearFailures } from '../failures.ts';

type Services = OpenServices['services'];

/** Runs a command on the configured database, and prints the lines that it returns. */
export function withServices(work: (services: Services) => Promise<readonly string[]>): Promise<void> {
  return withClearFailures(async () => {
    const config = loadConfig({ ...process.env, LOG_LEVEL: process.env.LOG_LEVEL || 'warn' });
    const opened = await openServices(config);
    try {
      const lines = await work(opened.services);
      process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    } finally {
      await opened.close();
    }
  });
}
