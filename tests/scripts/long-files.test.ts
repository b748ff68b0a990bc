import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inPackage } from '../../scripts/prepare/paths.mjs';
import { LONG_FILES } from '../support/long-files-first.ts';

it('every long file in the list exists', () => {
  expect(LONG_FILES.filter((path) => !existsSync(inPackage(path.slice(1))))).toEqual([]);
});
