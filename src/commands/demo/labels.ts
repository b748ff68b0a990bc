import { DAY_MS, HOUR_MS } from '../../core/time/units.ts';

export type Tags = Readonly<Record<string, string>>;

/** The tags that each service puts on its events: whose they are, and who pays. */
const TAGS: Readonly<Record<string, Tags | undefined>> = {
  'support-chat': { team: 'support', feature: 'chat', costCenter: '4100' },
  'document-search': { team: 'search', feature: 'answers', costCenter: '4200' },
  'code-review': { team: 'platform', feature: 'reviews', costCenter: '4300' },
  'report-writer': { team: 'insights', feature: 'reports', costCenter: '4400' },
  'diagram-studio': { team: 'design', feature: 'diagrams', costCenter: '4500' },
  'nightly-classifier': { team: 'insights', feature: 'classification', costCenter: '4400' },
};

export const tagsOf = (service: string): Tags | undefined => TAGS[service];

/** A user comes back to the same session within an hour. */
export const sessionOf = (endUser: string, time: number): string =>
  `${endUser}-${Math.floor(time / HOUR_MS).toString(36)}`;

/** This model thinks before it answers. */
export const THINKING_MODEL = 'gemini-2.5-pro';

const DAYS_PER_VERSION = 10;

/** The prompt of a service changes now and then. */
export const promptVersionOf = (service: string, time: number): string =>
  `${service}@${Math.floor(time / (DAYS_PER_VERSION * DAY_MS)) % 1000}`;
