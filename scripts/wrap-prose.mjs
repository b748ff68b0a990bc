// Wraps prose at 100 columns: paragraphs of Markdown, and comments, whose text is read as Markdown
// too. `--check` changes nothing and fails for a file that has a longer line. Tables, code and
// headings stay as they are.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { wrapComments } from './prose/comments.mjs';
import { wrapMarkdown } from './prose/markdown.mjs';

const COLUMNS = 100;
const MARKDOWN = /\.md$/;
const SOURCE = /\.(ts|tsx|mjs|cjs|css|prisma)$/;
/** Written by commands, and compared with what these write. */
const GENERATED = new Set(['docs/cli.md', 'docs/configuration.md']);

const check = process.argv.includes('--check');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => (MARKDOWN.test(file) || SOURCE.test(file)) && !GENERATED.has(file));

let changed = 0;
for (const file of files) {
  const text = readFileSync(file, 'utf8');
  const wrapped = MARKDOWN.test(file) ? wrapMarkdown(text, COLUMNS) : wrapComments(text, COLUMNS);
  if (wrapped === text) continue;
  changed++;
  if (check) console.error(`${file} has prose beyond ${COLUMNS} columns; \`npm run lint:fix\` wraps it.`);
  else writeFileSync(file, wrapped);
}
if (check && changed > 0) process.exitCode = 1;
