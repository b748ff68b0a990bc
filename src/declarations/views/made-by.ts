import { text } from '../../core/dataset/column.ts';

/** Who created a view or a board. The name stays after the key is gone. */
export const MADE_BY = text({
  source: 'server',
  optional: true,
  verbatim: true,
  description:
    'The API key that created it: its name, or the first characters of its text; null if it was ' +
    'created without a key.',
});
