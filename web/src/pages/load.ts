import type { ComponentType } from 'preact';
import type { PagePath } from './pages.ts';
import type { PageProps } from './shared/page-props.ts';

export interface PageModule {
  readonly Page: ComponentType<PageProps>;
}

/** The code of each page, loaded when the page is opened. */
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
  '/techniques': () => import('./techniques/page.tsx'),
  '/generations': () => import('./generations/page.tsx'),
  '/generations/:id': () => import('./architecture/page.tsx'),
  '/agents': () => import('./agents/page.tsx'),
  '/agents/:id': () => import('./agent/page.tsx'),
  '/sessions': () => import('./sessions/page.tsx'),
  '/sessions/:id': () => import('./session/page.tsx'),
  '/tasks': () => import('./tasks/page.tsx'),
  '/tasks/:id': () => import('./task/page.tsx'),
  '/commits': () => import('./commits/page.tsx'),
  '/rag': () => import('./rag/page.tsx'),
  '/catalog': () => import('./catalog/page.tsx'),
  '/catalog/:id': () => import('./metric/page.tsx'),
  '/explore': () => import('./explore/page.tsx'),
  '/boards': () => import('./boards/page.tsx'),
  '/boards/:id': () => import('./board/page.tsx'),
  '/live': () => import('./live/page.tsx'),
  '/settings': () => import('./settings/page.tsx'),
};
