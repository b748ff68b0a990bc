import type { ComponentType } from 'preact';
import type { IconName } from '../parts/icon.tsx';

/** What a page is given: the parts of its path that vary, such as `id` of `/requests/:id`. */
export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
}

export interface PageModule {
  readonly Page: ComponentType<PageProps>;
}

export interface PageEntry {
  /** A segment that begins with a colon matches any text, and is handed to the page. */
  readonly path: string;
  readonly title: string;
  /** Where it stands in the navigation; null for pages that are reached from others. */
  readonly group: (typeof GROUPS)[number] | null;
  readonly icon: IconName;
  /** The second key after `g` that opens it. */
  readonly shortcut?: string;
  /** Loaded when it is opened. */
  readonly load: () => Promise<PageModule>;
}

export const GROUPS = ['Monitor', 'Models', 'Agents', 'Quality', 'Ask', 'Settings'] as const;

/** Every page of the dashboard, in the order of the navigation. */
export const PAGES: readonly PageEntry[] = [
  {
    path: '/',
    title: 'Overview',
    group: 'Monitor',
    icon: 'home',
    shortcut: 'o',
    load: () => import('./overview/page.tsx'),
  },
];
