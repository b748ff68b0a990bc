import { json, text } from '../../core/dataset/column.ts';
import { NOT_BLANK } from '../../core/dataset/not-blank.ts';
import { slug } from '../../core/dataset/slug.ts';
import { defineState } from '../../core/dataset/state.ts';
import { MADE_BY } from './made-by.ts';

/** Boards of panels, shared by the people of a project. */
export const boards = defineState({
  name: 'boards',
  entity: 'Board',
  table: 'boards',
  description: 'A page of panels in a chosen order, which everybody in the project sees.',
  naturalKey: 'boardId',
  byKey: {
    description: 'The board with this id; null if there is none.',
    key: 'The id of the board, for example "llm-costs".',
  },
  columns: {
    boardId: slug('llm-costs', {
      sortable: true,
      description: 'The id of the board, as in its address, for example "llm-costs".',
    }),
    name: text({ pattern: NOT_BLANK, maxLength: 200, sortable: true, description: 'The display name.' }),
    description: text({ optional: true, maxLength: 10_000, description: 'What the board is for.' }),
    panels: json({
      hidden: true,
      anyJson: true,
      verbatim: true,
      maxLength: 200_000,
      description: 'The panels, in their order.',
    }),
    createdBy: MADE_BY,
  },
});
