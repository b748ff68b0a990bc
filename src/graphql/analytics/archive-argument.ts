import type { Scope } from '../../analytics/spec.ts';
import type { Context } from '../context.ts';
import { analyticsWithin } from './analytics-within.ts';

/** The argument `archive` of a question that may read the archive: `t.arg.boolean(ARCHIVE)`. */
export const ARCHIVE = {
  defaultValue: false,
  description:
    'Whether to read expired rows from the archive (RETENTION_ARCHIVE_DIR) where only rows can ' +
    'answer, for example to group or filter last year’s events by `finishReason`. This takes ' +
    'longer. `source`, or `extensions.kept` where the answer has no `source`, says what the answer ' +
    'covers. If the archive lacks a row of a day, neither that day nor any earlier one is answered ' +
    'from it.',
} as const;

/** The argument as resolvers receive it. */
export interface ArchiveArgument {
  readonly archive?: boolean | null | undefined;
}

/** The part of a scope that the argument determines. */
export const archiveOf = (archive: ArchiveArgument['archive']): Pick<Scope, 'archive'> =>
  archive === true ? { archive } : {};

/**
 * The context of a resolver with that argument. Its questions read the archive if the argument says
 * so.
 */
export function reachingArchive(context: Context, { archive }: ArchiveArgument): Context {
  if (archive !== true) return context;
  const { services } = context;
  const analytics = analyticsWithin(services.analytics, (scope) => ({ ...scope, archive }));
  return { ...context, services: { ...services, analytics } };
}
