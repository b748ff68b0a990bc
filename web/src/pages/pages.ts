import type { IconName } from '../parts/icon-paths.ts';

export const GROUPS = ['Monitor', 'Models', 'Agents', 'Quality', 'Ask', 'Settings'] as const;

export interface PageEntry {
  /** A segment that begins with a colon matches any text, which the page receives. */
  readonly path: string;
  readonly title: string;
  /** Its group in the navigation; null for pages that are reached from others. */
  readonly group: (typeof GROUPS)[number] | null;
  readonly icon: IconName;
  /** The key that opens it after `g`. */
  readonly shortcut?: string;
}

/** Every page of the dashboard, in the order of the navigation. `load.ts` contains their code. */
export const PAGES = [
  { path: '/', title: 'Overview', group: 'Monitor', icon: 'home', shortcut: 'o' },
  { path: '/services', title: 'Services', group: 'Monitor', icon: 'server', shortcut: 's' },
  { path: '/services/one', title: 'Service', group: null, icon: 'server' },
  { path: '/requests', title: 'Requests', group: 'Monitor', icon: 'activity', shortcut: 'r' },
  { path: '/requests/:id', title: 'Request', group: null, icon: 'activity' },
  { path: '/errors', title: 'Errors', group: 'Monitor', icon: 'alert', shortcut: 'e' },
  { path: '/errors/:fingerprint', title: 'Problem', group: null, icon: 'alert' },
  { path: '/alerts', title: 'Alerts', group: 'Monitor', icon: 'bell', shortcut: 'a' },
  { path: '/rules', title: 'Alert rules', group: 'Monitor', icon: 'filter' },
  { path: '/rules/new', title: 'New rule', group: null, icon: 'filter' },
  { path: '/rules/:id', title: 'Alert rule', group: null, icon: 'filter' },
  { path: '/webhooks', title: 'Webhooks', group: 'Monitor', icon: 'webhook' },
  { path: '/health', title: 'Health', group: 'Monitor', icon: 'check', shortcut: 'h' },
  { path: '/models', title: 'Models', group: 'Models', icon: 'chart', shortcut: 'm' },
  { path: '/models/one', title: 'Model', group: null, icon: 'chart' },
  { path: '/users', title: 'End users', group: 'Models', icon: 'user', shortcut: 'u' },
  { path: '/users/one', title: 'End user', group: null, icon: 'user' },
  { path: '/techniques', title: 'Techniques', group: 'Models', icon: 'star', shortcut: 't' },
  { path: '/generations', title: 'Generations', group: 'Models', icon: 'graph' },
  { path: '/generations/:id', title: 'Architecture', group: null, icon: 'graph' },
  { path: '/agents', title: 'Agents', group: 'Agents', icon: 'agent', shortcut: 'g' },
  { path: '/agents/:id', title: 'Agent', group: null, icon: 'agent' },
  { path: '/sessions', title: 'Sessions', group: 'Agents', icon: 'list' },
  { path: '/sessions/:id', title: 'Session', group: null, icon: 'list' },
  { path: '/tasks', title: 'Task board', group: 'Agents', icon: 'board', shortcut: 'b' },
  { path: '/tasks/:id', title: 'Task', group: null, icon: 'board' },
  { path: '/commits', title: 'Commits', group: 'Agents', icon: 'commit' },
  { path: '/rag', title: 'RAG', group: 'Models', icon: 'database' },
  { path: '/catalog', title: 'Catalog', group: 'Quality', icon: 'book', shortcut: 'c' },
  { path: '/catalog/:id', title: 'Metric', group: null, icon: 'book' },
  { path: '/explore', title: 'Explore', group: 'Ask', icon: 'filter', shortcut: 'x' },
  { path: '/boards', title: 'Boards', group: 'Ask', icon: 'table', shortcut: 'd' },
  { path: '/boards/:id', title: 'Board', group: null, icon: 'table' },
  { path: '/live', title: 'Live tail', group: 'Ask', icon: 'play', shortcut: 'l' },
  { path: '/settings', title: 'Settings', group: 'Settings', icon: 'gear' },
] as const satisfies readonly PageEntry[];

export type PagePath = (typeof PAGES)[number]['path'];
