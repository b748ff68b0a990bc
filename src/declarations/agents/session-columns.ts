import { text } from '../../core/dataset/column.ts';

/** What agents and their sessions are named by, in the datasets of what they do. */
export const SESSION_COLUMNS = {
  agentId: text({
    verbatim: true,
    role: 'dimension',
    optional: true,
    description: 'The agent that did it, for example "builder".',
  }),
  sessionId: text({
    verbatim: true,
    role: 'dimension',
    manyValues: true,
    optional: true,
    description: 'The session of an agent, or of a user, that the event belongs to, across datasets.',
  }),
};
