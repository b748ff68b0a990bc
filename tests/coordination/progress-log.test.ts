import { describe, expect, it } from 'vitest';
import { toActivities } from '../../src/coordination/log-activities.ts';
import { readProgressLog } from '../../src/coordination/progress-log.ts';

const NOON = Date.parse('2026-01-31T12:00:00Z');
const DAY_MS = 86_400_000;

describe('readProgressLog', () => {
  it.each([
    ['- [2026-01-31 12:00] builder: Wrote it', { agentId: 'builder', time: NOON, message: 'Wrote it' }],
    [
      '* [2026-01-31T12:00:00Z] **builder**: Wrote it',
      { agentId: 'builder', time: NOON, message: 'Wrote it' },
    ],
    [
      '2026-01-31 13:00:00+01:00 - builder: Wrote it',
      { agentId: 'builder', time: NOON, message: 'Wrote it' },
    ],
    ['[2026-01-31 17:00+05] builder: Wrote it', { agentId: 'builder', time: NOON, message: 'Wrote it' }],
    [
      '2026-01-31 12:00:00.123456+00 builder: Wrote it',
      { agentId: 'builder', time: NOON, message: 'Wrote it' },
    ],
    ['2026-01-31 12:00 -10 errors', { agentId: 'unknown', time: NOON, message: '-10 errors' }],
    ['- builder: Wrote it: all', { agentId: 'builder', time: null, message: 'Wrote it: all' }],
    ['1. [x] Wrote it', { agentId: 'unknown', time: null, message: 'Wrote it' }],
    [
      '  Just words, with a colon: here',
      { agentId: 'unknown', time: null, message: 'Just words, with a colon: here' },
    ],
    [
      '- [2026-02-30 12:00] No such day',
      { agentId: 'unknown', time: null, message: '[2026-02-30 12:00] No such day' },
    ],
    [
      '- [2026-01-31 25:00] No such hour',
      { agentId: 'unknown', time: null, message: '[2026-01-31 25:00] No such hour' },
    ],
  ])('reads %s', (line, expected) => {
    expect(readProgressLog(line)).toEqual([expected]);
  });

  it('takes agents and times from headings, until the next one', () => {
    const log = [
      '# Progress',
      '- tester: first',
      '## builder',
      '- fix: typo',
      '- [2026-01-31 12:00] second',
      '### [2026-01-31 12:00] reviewer',
      'third',
      '- [2026-02-01 12:00] fourth',
      '## Notes of the day',
      '- fifth',
    ];
    expect(readProgressLog(log.join('\r\n'))).toEqual([
      { agentId: 'tester', time: null, message: 'first' },
      { agentId: 'builder', time: null, message: 'fix: typo' },
      { agentId: 'builder', time: NOON, message: 'second' },
      { agentId: 'reviewer', time: NOON, message: 'third' },
      { agentId: 'reviewer', time: NOON + DAY_MS, message: 'fourth' },
      { agentId: 'unknown', time: null, message: 'fifth' },
    ]);
  });

  it('skips lines that are not entries', () => {
    expect(
      readProgressLog('\n---\n***\n<!-- a comment -->\n- \n```\ncode\n```\n[2026-01-31 12:00]\n'),
    ).toEqual([]);
  });
});

describe('Markdown', () => {
  const messagesOf = (...lines: string[]) => readProgressLog(lines.join('\n')).map(({ message }) => message);

  it.each([
    [
      'backticks around a word open no block',
      ['```npm test``` passed', 'end'],
      ['```npm test``` passed', 'end'],
    ],
    ['a block in a list item', ['- one', '  ```sh', '  code', '  ```', '- end'], ['one', 'end']],
    ['a block that begins a list item', ['- ```', '  code', '  ```', '- end'], ['end']],
    ['a block in a list item that ends with it', ['- one', '  ```', '  code', 'end'], ['one', 'end']],
    ['tildes in backticks', ['```', '~~~', 'code', '```', 'end'], ['end']],
    ['backticks in tildes', ['~~~ md', '```', '~~~', 'end'], ['end']],
    ['a longer fence', ['````', '```', 'code', '````', 'end'], ['end']],
    ['a fence with more text does not end a block', ['```', '``` sh', '```', 'end'], ['end']],
    ['a block in a quotation', ['> ```', '> code', '> ```', 'end'], ['end']],
    ['a comment of several lines', ['one', '<!-- a', '', '- b', '-->', 'end'], ['one', 'end']],
    ['a comment in a list item', ['- one', '  <!-- a', '  b', '  -->', '- end'], ['one', 'end']],
    [
      'a comment that never ends is only its line',
      ['<!-- a', 'b', '```', 'code', '```', 'end'],
      ['b', 'end'],
    ],
    ['a comment before another one that ends', ['<!-- a', 'b', '<!-- c', 'd -->', 'end'], ['b', 'end']],
    ['a fence in a comment', ['<!--', '```', '-->', 'end'], ['end']],
    ['other HTML', ['<details>', 'one', '</details>', 'end'], ['<details>', 'one', '</details>', 'end']],
    ['indented or underlined text', ['one', '---', '', '    two', '', '[a]: b'], ['one', 'two', '[a]: b']],
    ['a carriage return within a line', ['10 %\r20 %', '```', 'code', '```', 'end'], ['10 %\r20 %', 'end']],
  ])('%s', (_, lines, messages) => {
    expect(messagesOf(...lines)).toEqual(messages);
  });

  it('assigns a line with a time to the agent that it names, wherever the line is', () => {
    const log =
      '## reviewer ##\n- [2026-01-31 12:00] builder: done\n- fix: typo\n- [2026-01-31 12:00] done\n> ## builder\n';
    expect(readProgressLog(log)).toEqual([
      { agentId: 'builder', time: NOON, message: 'done' },
      { agentId: 'reviewer', time: null, message: 'fix: typo' },
      { agentId: 'reviewer', time: NOON, message: 'done' },
      { agentId: 'reviewer', time: null, message: '> ## builder' },
    ]);
  });
});

describe('a line of millions of characters', () => {
  it.each(['# ', '-', '- ', ' ', '[', 'a', '<!--', '1', '*', '2026-01-31 '])('of %j is read', (piece) => {
    const line = piece.repeat(2_000_000 / piece.length);
    expect(readProgressLog(`## ${line}x\n${line}\n- ${line}x\nend`).at(-1)?.message).toBe('end');
  });
});

describe('toActivities', () => {
  const FACTS = { projectId: 'default', changedAt: NOON, now: NOON + 1000, keptDays: 90 };
  const entry = { agentId: 'builder', time: null, message: 'Wrote it' };
  const idsOf = (entries: (typeof entry)[], facts = FACTS) =>
    toActivities(entries, facts).map(({ id }) => id);

  it('uses the time of the line, or else that of the file', () => {
    const times = [NOON - 5000, null, NOON + 2 * DAY_MS].map((time) => ({ ...entry, time }));
    expect(toActivities(times, FACTS).map(({ timestamp }) => Date.parse(timestamp))).toEqual([
      NOON - 5000,
      NOON,
      NOON,
    ]);
  });

  it('gives a line the same id wherever it is, and a repeated line another one', () => {
    const other = { ...entry, message: 'Read it' };
    const [first, second] = idsOf([entry, entry]);
    expect(first).not.toBe(second);
    expect(idsOf([other, entry, entry], { ...FACTS, changedAt: NOON + 1 }).slice(1)).toEqual([first, second]);
    expect(idsOf([entry], { ...FACTS, projectId: 'other' })).not.toEqual([first]);
  });

  it('leaves out lines that are older than the activities that are kept', () => {
    const times = [NOON - 89 * DAY_MS, NOON - 91 * DAY_MS, -5].map((time) => ({ ...entry, time }));
    expect(toActivities(times as never, FACTS)).toHaveLength(1);
    expect(toActivities(times as never, { ...FACTS, keptDays: 92 })).toHaveLength(2);
    expect(toActivities(times as never, { ...FACTS, keptDays: null })).toHaveLength(2);
  });
});
