import type { App } from '../../app.ts';
import { createAsk } from './ask.ts';
import { BOARD, SAVED_VIEWS } from './views.ts';

const CREATE_BOARD = 'mutation ($input: CreateBoardInput!) { createBoard(input: $input) { board { id } } }';
const CREATE_VIEW =
  'mutation ($input: CreateSavedViewInput!) { createSavedView(input: $input) { savedView { id } } }';
const COUNTS = '{ boards(first: 1) { totalCount } savedViews(first: 1) { totalCount } }';

interface Count {
  readonly totalCount: number;
}

/**
 * Creates the demo's board unless there are boards, and its saved views unless there are views.
 *
 * @throws Error when the API rejects one of them, because the demo does not fit the schema.
 */
export async function fillViews(app: Pick<App, 'fetch'>): Promise<void> {
  const ask = createAsk(app);
  const { boards, savedViews } = await ask<{ boards: Count; savedViews: Count }>(COUNTS);
  if (boards.totalCount === 0) await ask(CREATE_BOARD, { input: BOARD });
  if (savedViews.totalCount > 0) return;
  for (const input of SAVED_VIEWS) await ask(CREATE_VIEW, { input });
}
