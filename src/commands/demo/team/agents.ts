/** The coding agents of the imagined company, and what they work on. */

export interface AgentProfile {
  readonly agentId: string;
  readonly repository: string;
  /** Hour of the UTC day at which it gets its first task. */
  readonly startHour: number;
  /** Bytes of memory when it works. */
  readonly memoryBytes: number;
  /** What its tasks are about. */
  readonly subjects: readonly string[];
  /** What it looks after while the demo runs; absent: nothing. */
  readonly watches?: string;
  /** It fell silent two days before the month ended, in the middle of its work. */
  readonly silent?: boolean;
}

const GIBIBYTE = 2 ** 30;

export const AGENTS: readonly AgentProfile[] = [
  {
    agentId: 'api-builder',
    repository: 'acme/api',
    startHour: 6,
    memoryBytes: 1.9 * GIBIBYTE,
    subjects: [
      'the orders endpoint',
      'pagination of invoices',
      'the rate limit',
      'webhook retries',
      'the token refresh',
    ],
    watches: 'Error budget of support-chat',
  },
  {
    agentId: 'web-builder',
    repository: 'acme/web',
    startHour: 7,
    memoryBytes: 2.6 * GIBIBYTE,
    subjects: [
      'the checkout form',
      'dark mode',
      'keyboard navigation',
      'the search box',
      'the upload dialog',
    ],
    watches: 'Page speed of the shop',
  },
  {
    agentId: 'tester',
    repository: 'acme/api',
    startHour: 6,
    memoryBytes: 1.2 * GIBIBYTE,
    subjects: [
      'flaky login tests',
      'load tests of search',
      'contract tests',
      'the fixtures of billing',
      'coverage of refunds',
    ],
    watches: 'Nightly test runs',
  },
  {
    agentId: 'documenter',
    repository: 'acme/handbook',
    startHour: 8,
    memoryBytes: 0.8 * GIBIBYTE,
    subjects: [
      'the guide to webhooks',
      'the API reference',
      'the on-call handbook',
      'the glossary',
      'release notes',
    ],
    watches: 'Broken links of the handbook',
  },
  {
    agentId: 'release-keeper',
    repository: 'acme/platform',
    startHour: 5,
    memoryBytes: 1.4 * GIBIBYTE,
    subjects: ['the canary rollout', 'image sizes', 'certificate renewal', 'the backup job', 'alert routing'],
    watches: 'Rollout of the canary',
  },
  {
    agentId: 'migrator',
    repository: 'acme/platform',
    startHour: 6,
    memoryBytes: 1.1 * GIBIBYTE,
    subjects: [
      'the ledger tables',
      'old customer records',
      'time zones of invoices',
      'the audit log',
      'unused indexes',
    ],
    silent: true,
  },
];

/** Who puts tasks on the board, and takes them off. */
export const PLANNER = 'planner';

export const TASK_VERBS: readonly string[] = ['Rework', 'Fix', 'Speed up', 'Simplify', 'Extend', 'Clean up'];

export const BLOCKERS: readonly string[] = [
  'waits for a review of the schema',
  'the staging database is being restored',
  'needs a decision on the wording',
  'a dependency has a known vulnerability',
];
