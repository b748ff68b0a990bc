/** The coding agents of the fictional company, and what they work on. */

export interface AgentProfile {
  readonly agentId: string;
  readonly repository: string;
  /** Hour of the UTC day in which it starts its first task. */
  readonly startHour: number;
  /** Bytes of memory that it uses while it works. */
  readonly memoryBytes: number;
  /** What its tasks are about. */
  readonly subjects: readonly string[];
  /** What it monitors while the demo runs. Absent if it monitors nothing. */
  readonly watches?: string;
  /** It stopped reporting two days before the end of the month, in the middle of a task. */
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
      'invoice pagination',
      'rate limiting',
      'webhook retries',
      'token refresh',
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
    watches: 'Page speed of the storefront',
  },
  {
    agentId: 'tester',
    repository: 'acme/api',
    startHour: 6,
    memoryBytes: 1.2 * GIBIBYTE,
    subjects: [
      'flaky login tests',
      'search load tests',
      'contract tests',
      'billing fixtures',
      'refund test coverage',
    ],
    watches: 'Nightly test runs',
  },
  {
    agentId: 'documenter',
    repository: 'acme/handbook',
    startHour: 8,
    memoryBytes: 0.8 * GIBIBYTE,
    subjects: [
      'the webhook guide',
      'the API reference',
      'the on-call handbook',
      'the glossary',
      'release notes',
    ],
    watches: 'Broken links in the handbook',
  },
  {
    agentId: 'release-keeper',
    repository: 'acme/platform',
    startHour: 5,
    memoryBytes: 1.4 * GIBIBYTE,
    subjects: ['the canary rollout', 'image sizes', 'certificate renewal', 'the backup job', 'alert routing'],
    watches: 'Canary rollout',
  },
  {
    agentId: 'migrator',
    repository: 'acme/platform',
    startHour: 6,
    memoryBytes: 1.1 * GIBIBYTE,
    subjects: [
      'the ledger migration',
      'legacy customer records',
      'invoice time zones',
      'the audit log',
      'unused indexes',
    ],
    silent: true,
  },
];

/** Creates the tasks on the board, assigns, completes and removes them. */
export const PLANNER = 'planner';

export const TASK_VERBS: readonly string[] = ['Update', 'Fix', 'Review', 'Simplify', 'Improve', 'Clean up'];

export const BLOCKERS: readonly string[] = [
  'Waiting for the schema review',
  'Staging database is being restored',
  'Needs a product decision on the copy',
  'A dependency has a known vulnerability',
];
