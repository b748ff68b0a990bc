import { text } from '../../core/dataset/column.ts';
import { SESSION_COLUMN } from '../../core/dataset/work.ts';

/** The columns that identify agents and their sessions, in the datasets of what they do. */
export const SESSION_COLUMNS = {
  agentId: text({
    verbatim: true,
    role: 'dimension',
    optional: true,
    description: 'The agent that did it, for example "builder".',
  }),
  ...SESSION_COLUMN,
};
