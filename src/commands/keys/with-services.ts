import { type App, createApp } from '../../app.ts';
import { loadConfig } from '../../config/config.ts';
import { withClearFailures } from '../failures.ts';

type Services = App['services'];

/** Runs a command on the configured database, and prints the lines that it returns. */
export function withServices(work: (services: Services) => Promise<readonly string[]>): Promise<void> {
  return withClearFailures(async () => {
    const app = await createApp(loadConfig({ ...process.env, LOG_LEVEL: process.env.LOG_LEVEL || 'warn' }));
    try {
      const lines = await work(app.services);
      process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    } finally {
      await app.stop();
    }
  });
}
