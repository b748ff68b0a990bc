import { text as readAll } from 'node:stream/consumers';
import { isKeyText } from '../../access/key-text.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { defineCommand } from '../program/define-command.ts';

/**
 * `telltale keys check`: decides from its form whether a text is an API key, without a database.
 */
export const checkKeyCommand = defineCommand({
  meta: {
    name: 'check',
    description:
      'Check the form and checksum of a key from standard input, without the database. The exit code is 0 ' +
      'for a valid key, otherwise 5.',
  },
  examples: [['echo "$TELLTALE_API_KEY" | telltale keys check', 'Check whether a key was copied completely']],
  run: async () => {
    const isKey = isKeyText((await readAll(process.stdin)).trim());
    process.stdout.write(
      isKey
        ? 'This is an API key of Telltale. Only its server knows whether it works.\n'
        : 'This is not an API key of Telltale, or it is mistyped.\n',
    );
    process.exitCode = isKey ? EXIT_CODES.done : EXIT_CODES.problems;
  },
});
