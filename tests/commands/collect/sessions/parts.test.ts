import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../../../src/commands/collect/sessions/lines.ts';
import { createTagFinder, isUnder } from '../../../../src/commands/collect/sessions/repositories.ts';
import { useScratch } from '../git/support/scratch.ts';
import { useHome } from './support/collected.ts';

const { write } = useHome();

describe('the lines of a file', () => {
  const toList = async (path: string, from: number, size: number) => {
    const lines: [string | null, number][] = [];
    for await (const { text: line, end } of readLines(path, from, size)) lines.push([line, end]);
    return lines;
  };

  it('are the complete lines after a position, up to the given size', async () => {
    const path = write('lines', 'één\n\nthree\nfour');
    expect(await toList(path, 0, 13)).toEqual([
      ['één', 6],
      ['', 7],
      ['three', 13],
    ]);
    expect(await toList(path, 6, 17)).toEqual([
      ['', 7],
      ['three', 13],
    ]);
    expect(await toList(path, 17, 17)).toEqual([]);
  });

  it('are skipped if they are too long', async () => {
    const long = 'x'.repeat(33 * 1024 * 1024);
    const path = write('long-lines', `one\n${long}\ntwo\n`);
    expect(await toList(path, 0, long.length + 9)).toEqual([
      ['one', 4],
      [null, long.length + 5],
      ['two', long.length + 9],
    ]);
  });
});

describe('the location of a session', () => {
  const scratches = useScratch();

  it('is tagged by the remote of its repository, or by the name of its folder', async () => {
    const scratch = scratches.create();
    scratch.git(['remote', 'add', 'origin', 'https://user:secret@git.example.com/acme/shop.git']);
    const inside = join(scratch.path, 'src');
    mkdirSync(inside);
    const findTags = createTagFinder();
    expect(await findTags({ cwd: inside, branch: 'main' })).toEqual({ repo: 'acme/shop', branch: 'main' });
    expect(await findTags({ cwd: '/gone/old-shop', branch: '' })).toEqual({ repo: 'old-shop' });
    expect(await findTags({ cwd: inside, remote: 'git@git.example.com:acme/other.git' })).toEqual({
      repo: 'acme/other',
    });
    expect(await findTags({})).toEqual({});
  });

  it.each([
    ['/work', '/work', true],
    ['/work/shop', '/work', true],
    ['/workshop', '/work', false],
    ['/', '/work', false],
    ['/work/..shop', '/work', true],
    [undefined, '/work', false],
  ])('%s is in %s: %s', (cwd, folder, expected) => {
    expect(isUnder({ cwd }, folder)).toBe(expected);
  });
});
