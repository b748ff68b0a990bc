/**
 * `npm run bench:lists` measures counts and pages of lists over HTTP, from rows alone and with the
 * columnar copy. See docs/benchmarks.md.
 */
import { Agent } from 'node:http';
import { parseArgs } from 'node:util';
import { ourDatabase } from './analytics/build.ts';
import { FREE_QUESTIONS } from './analytics/free-questions.ts';
import { createOurs, postGraphql } from './analytics/peers.ts';
import { END } from './analytics/rows.ts';
import { startChild } from './lib/child.ts';
import { formatNumber, median, renderTable, rounded } from './lib/statistics.ts';
import { LIST_QUESTIONS, type ListQuestion } from './lists/questions.ts';

const { values: flags } = parseArgs({
  options: {
    size: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '9' },
  },
});
const size = Number(flags.size);
const runs = Number(flags.runs);
/** A scan of the rows takes seconds, so fewer runs are enough. */
const RUNS_OF_ROWS = Math.min(runs, 3);
/** Questions that take milliseconds either way need many runs to show a small difference. */
const RUNS_OF_FAST = 50;
const WARM_UP_RUNS = 3;

interface Measured {
  readonly milliseconds: number;
  readonly answer: string;
}

const file = await ourDatabase(size);
// Without columns first: a server without columns removes the copy.
const byRows = await measureAll('off', RUNS_OF_ROWS);
const byColumns = await measureAll('on', runs);
report();

async function measureAll(
  columns: 'on' | 'off',
  times: number,
): Promise<ReadonlyMap<ListQuestion, Measured>> {
  const server = startChild(new URL('./ingest/our-server.ts', import.meta.url), {
    DATABASE_URL: `file:${file}`,
    COLUMN_STORE: columns,
    BENCH_NOW: String(END),
    QUERY_DEADLINE_MS: '600000',
  });
  try {
    const url = await server.ask<string>('url');
    if (columns === 'on') await waitForColumns(url);
    const agent = new Agent({ keepAlive: true });
    const measured = new Map<ListQuestion, Measured>();
    for (const question of LIST_QUESTIONS) {
      process.stderr.write(`columns ${columns}: ${question.name}\n`);
      measured.set(question, await measure(agent, url, question, question.bar < 1 ? RUNS_OF_FAST : times));
    }
    agent.destroy();
    return measured;
  } finally {
    await server.stop();
  }
}

async function waitForColumns(url: string): Promise<void> {
  const ours = createOurs(url);
  await ours.waitForColumns(FREE_QUESTIONS);
  ours.close();
}

async function measure(
  agent: Agent,
  url: string,
  { graphql }: ListQuestion,
  times: number,
): Promise<Measured> {
  const answer = JSON.stringify(await postGraphql(agent, url, graphql));
  for (let run = 1; run < Math.min(WARM_UP_RUNS, times); run++) await postGraphql(agent, url, graphql);
  const taken: number[] = [];
  for (let run = 0; run < times; run++) {
    const start = performance.now();
    await postGraphql(agent, url, graphql);
    taken.push(performance.now() - start);
  }
  return { answer, milliseconds: median(taken) };
}

function report(): void {
  const results = LIST_QUESTIONS.map((question) => {
    const [rows, columns] = [byRows.get(question), byColumns.get(question)] as [Measured, Measured];
    if (rows.answer !== columns.answer) {
      throw new Error(
        `${question.name}: ${columns.answer.slice(0, 300)} instead of ${rows.answer.slice(0, 300)}`,
      );
    }
    return { question, rows: rows.milliseconds, columns: columns.milliseconds };
  });
  const header = ['list', 'rows ms', 'with columns ms', 'times faster'];
  const lines = results.map(({ question, rows, columns }) => [
    question.name,
    ...[rows, columns, rows / columns].map(formatNumber),
  ]);
  console.log(
    `\n${size.toLocaleString('en')} calls, medians, answers equal\n\n${renderTable(header, lines)}\n`,
  );
  for (const { question, rows, columns } of results) {
    const verdict = rows / columns >= question.bar ? 'met   ' : 'MISSED';
    console.log(
      `${verdict}  ${question.name}: ${formatNumber(rows / columns)} times faster, bar ${question.bar}`,
    );
  }
  const ratios = results.map(({ question, rows, columns }) => [question.name, rounded(rows / columns)]);
  console.log(JSON.stringify({ benchmark: 'lists', size, runs, ...Object.fromEntries(ratios) }));
}
