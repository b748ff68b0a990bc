import type { IconName } from '../parts/icon-paths.ts';

export const GROUPS = ['Monitor', 'Models', 'Agents', 'Quality', 'Ask', 'Settings'] as const;

export interface PageEntry {
  /** A segment that begins with a colon matches any text, and is handed to the page. */
  readonly path: string;
  readonly title: string;
  /** Where it stands in the navigation; null for pages that are reached from others. */
  readonly group: (typeof GROUPS)[number] | null;
  readonly icon: IconName;
  /** The second key after `g` that opens it. */
  readonly shortcut?: string;
}

/** Every page of the dashboard, in the order of the navigation. `load.ts` says where its code is. */
export const PAGES = [
  { path: '/', title: 'Overview', group: 'Monitor', icon: 'home', shortcut: 'o' },
] as const satisfies readonly PageEntry[];

export type PagePath = (typeof PAGES)[number]['path'];
