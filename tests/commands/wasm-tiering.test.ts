import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { TIERING_FLAG } from '../../src/commands/wasm-tiering.ts';

// V8 names its flags as it likes. It reports an unknown one on stderr, and ignores it.
it('sets a flag that this version of V8 knows', async () => {
  const set = `require('node:v8').setFlagsFromString(process.argv[1])`;
  const run = (flag: string) => promisify(execFile)(process.execPath, ['-e', set, '--', flag]);
  expect((await run(TIERING_FLAG)).stderr).toBe('');
  expect((await run(`${TIERING_FLAG.split('=')[0]}-unknown=1`)).stderr).toContain('unrecognized flag');
});
