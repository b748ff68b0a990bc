import type { ComponentType } from 'preact';
import type { PagePath } from './pages.ts';

/** What a page is given: the parts of its path that vary, such as `id` of `/requests/:id`. */
export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
}

export interface PageModule {
  readonly Page: ComponentType<PageProps>;
}

/** The code of each page, which is loaded when it is opened. */
export const LOAD: Readonly<Record<PagePath, () => Promise<PageModule>>> = {
  '/': () => import('./overview/page.tsx'),
  '/services': () => import('./services/page.tsx'),
  '/services/one': () => import('./service/page.tsx'),
  '/requests': () => import('./requests/page.tsx'),
  '/requests/:id': () => import('./request/page.tsx'),
  '/errors': () => import('./errors/page.tsx'),
  '/errors/:fingerprint': () => import('./error/page.tsx'),
  '/alerts': () => import('./alerts/page.tsx'),
  '/rules': () => import('./rules/page.tsx'),
  '/rules/new': () => import('./rule/page.tsx'),
  '/rules/:id': () => import('./rule/page.tsx'),
  '/webhooks': () => import('./webhooks/page.tsx'),
  '/health': () => import('./health/page.tsx'),
  '/models': () => import('./models/page.tsx'),
  '/models/one': () => import('./model/page.tsx'),
  '/users': () => import('./users/page.tsx'),
  '/users/one': () => import('./user/page.tsx'),
  '/settings': () => import('./settings/page.tsx'),
};
