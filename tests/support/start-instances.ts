import type { TestDatabase } from './databases.ts';
import { startApp, type TestApp } from './start-app.ts';

/** Servers on one database. */
export interface Instances extends AsyncDisposable {
  /** Returns the servers in rotation. */
  at(index: number): TestApp;
}

/** On PostgreSQL, two instances share one database; on SQLite there is one. */
export async function startInstances(database: TestDatabase): Promise<Instances> {
  const first = await startApp({ database });
  const apps = [first];
  if (database.dialect === 'postgresql') {
    apps.push(await startApp({ database, databaseUrl: first.databaseUrl }));
  }
  return {
    at: (index) => apps[index % apps.length] as TestApp,
    async [Symbol.asyncDispose]() {
      for (const app of apps) await app[Symbol.asyncDispose]();
    },
  };
}
