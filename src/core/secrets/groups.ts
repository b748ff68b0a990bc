import { SECRETS_BY_MARK } from './by-mark.ts';
import { SECRETS_BY_NAME } from './by-name.ts';
import { SECRETS_BY_WORD } from './by-word.ts';
import type { SecretGroup } from './pattern.ts';

/**
 * In the order in which they are tried. Keys of many lines and URLs come before the words in them.
 * Names come last, because what follows a name may have a form of its own.
 */
export const SECRET_GROUPS: readonly SecretGroup[] = [SECRETS_BY_MARK, SECRETS_BY_WORD, SECRETS_BY_NAME];
