import { beforeEach, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/commands/demo/random.ts';
import { describeEachDatabase, describeOnlyOn } from '../support/databases.ts';
import { announceCase, isLong, numbered, SEED, TIMEOUT_MS, whileThereIsTime } from './support/extent.ts';
import { report } from './support/figures.ts';
import { atRandom, atText, runAndKill, runToEnd } from './support/interrupted-command.ts';
import { INTERRUPTED } from './support/interrupted-work.ts';

const KILLS = 3;

beforeEach(announceCase);

describe.runIf(isLong)('at length', () => {
  describeEachDatabase('a command that is killed at any moment', (database) => {
    test.each(Object.entries(INTERRUPTED))(
      'leaves usable files, and completes its work when it is run again: %s',
      { timeout: TIMEOUT_MS },
      async (name, work) => {
        const random = createRandom(SEED);
        const prepared = await work.prepare(database);
        const tookMs = await runToEnd(work, await database.createCopyUrl(prepared));
        let [kills, hits] = [0, 0];
        for (const _kill of whileThereIsTime(numbered(KILLS))) {
          kills++;
          const url = await database.createCopyUrl(prepared);
          if (await runAndKill(work, url, atRandom(random, tookMs))) hits++;
          await runToEnd(work, url);
        }
        report(`${name} killed (${database.dialect})`, {
          kills,
          beforeItsEnd: hits,
          tookMs: Math.round(tookMs),
        });
      },
    );
  });
});

describeOnlyOn('sqlite', 'a command that is killed in the middle', (database) => {
  test.each([
    ['migrate', /applying migration 0012/],
    ['compact', /rebuilding the file/],
  ] as const)('leaves a database with all rows, and continues the next time: %s', async (name, text) => {
    const work = INTERRUPTED[name];
    const url = await work.prepare(database);
    expect(await runAndKill(work, url, atText(text))).toBe(true);
    await runToEnd(work, url);
  });
});
