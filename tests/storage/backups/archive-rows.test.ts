import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, it } from 'vitest';
import { createArchiveRows } from '../../../src/storage/dialect/postgresql/archive-rows.ts';

const SCRIPT = `SET row_security = off;

COPY public._prisma_migrations (id, migration_name, finished_at, rolled_back_at) FROM stdin;
1\t0001_first\t2026-11-22 12:00:00+00\t\\N
2\t0002_failed\t\\N\t\\N
3\t0003_undone\t2026-11-22 12:00:00+00\t2026-11-22 12:00:01+00
4\t0002_second\t2026-11-22 12:00:00+00\t\\N
\\.

COPY public."llm_calls" (id, "text") FROM stdin;
1\tCOPY public.x (y) FROM stdin;
2\t\\\\.
3\ttwo\\nlines
\\.

COPY public.nothing (id) FROM stdin;
\\.

SELECT pg_catalog.setval('public.numbers', 1, true);
`;

it.each([1, 7, 4096])('counts the rows of a script that arrives in chunks of %d bytes', async (size) => {
  const bytes = Buffer.from(SCRIPT);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
  const archive = createArchiveRows();
  await pipeline(Readable.from(chunks), archive.input);
  expect(archive.contents()).toEqual({
    migrations: ['0001_first', '0002_second'],
    rows: { _prisma_migrations: 4, llm_calls: 3, nothing: 0 },
  });
});
