import { integer, text } from '../../core/dataset/column.ts';
import { NOT_BLANK } from '../../core/dataset/not-blank.ts';
import { defineState } from '../../core/dataset/state.ts';
import { MADE_BY } from './made-by.ts';

/**
 * A path below the dashboard. A second slash would name another server; a fragment may contain a
 * token.
 */
const PATH = {
  matches: /^\/(?![/\\])[^\s?#\\]*$/u,
  wanted: 'be a path such as "/models": a "/" at the start, and no "?", "#", "\\" or space in it',
};
const QUERY = {
  matches: /^(?!\?)[^\s#]*$/u,
  wanted: 'be a query string such as "range=P7D&provider=openai": without the "?", "#" and spaces',
};

/** Pages of the dashboard with their filters, under names that people gave them. */
export const savedViews = defineState({
  name: 'savedViews',
  entity: 'SavedView',
  table: 'saved_views',
  description:
    'A page of the dashboard with its range and filters, saved under a name for everybody in the project.',
  columns: {
    name: text({
      pattern: NOT_BLANK,
      maxLength: 200,
      sortable: true,
      description: 'The name, for example "Chat, last week".',
    }),
    description: text({
      optional: true,
      maxLength: 1_000,
      description: 'What the view shows, and to whom it matters.',
    }),
    path: text({
      verbatim: true,
      pattern: PATH,
      maxLength: 500,
      sortable: true,
      description: 'The path of the page, for example "/models".',
    }),
    query: text({
      verbatim: true,
      pattern: QUERY,
      maxLength: 8_000,
      mayBeEmpty: true,
      default: '',
      description:
        'The query string of the page, without the "?", for example "range=P7D&provider=openai". Default: none.',
    }),
    pinned: integer({
      optional: true,
      min: 0,
      max: 1_000_000,
      sortable: true,
      description: 'The position among the pinned views, smallest first. Null if the view is not pinned.',
    }),
    createdBy: MADE_BY,
  },
});
