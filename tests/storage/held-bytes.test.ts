import { expect, it } from 'vitest';
import { createReadMeter } from '../../src/storage/reading.ts';

const ANY = { rows: 1e9, bytes: 1e9, cells: 1e9 };

it('refuses what operations hold too much together, and not one alone', () => {
  const held = { limit: 100, used: 0 };
  const problems: unknown[] = [];
  const alone = createReadMeter(ANY, { held });
  alone.count({ bytes: 150 });
  const second = createReadMeter(ANY, { held, onTooMuch: (error) => problems.push(error.code) });
  second.count({ rows: 5 });
  expect(() => second.count({ bytes: 1 })).toThrow(
    expect.objectContaining({ code: 'OVERLOADED', message: expect.stringContaining('MAX_RUNNING_BYTES') }),
  );
  expect(problems).toEqual(['OVERLOADED']);
  for (const meter of [second, alone]) meter.close();
  expect(held.used).toBe(0);
  // A statement that ends late counts for no query.
  alone.count({ bytes: 150 });
  expect(held.used).toBe(0);
});
