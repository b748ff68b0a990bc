import { severitiesFrom } from '../../../alerting/book/severity.ts';
import { checkBetween } from '../../../core/check-between.ts';
import { columnOf } from '../../../core/dataset/table.ts';
import { alerts } from '../../../declarations/alerts/alerts.ts';
import { columnEnum } from '../../../graphql/entities/column-types.ts';
import { instantArgs, readInstants } from '../../../graphql/flat/flat-question.ts';
import { costs } from '../../../graphql/limits/field-cost.ts';
import { inPortions } from '../../../graphql/limits/in-portions.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { MAX_PAGE_SIZE } from '../../../lists/page.ts';
import { type Annotation, alertsWithin, commitsWithin, type WantedAnnotations } from './read-annotations.ts';
import { costOfReleases, releasesWithin } from './read-releases.ts';

const DEFAULT_FIRST = 200;
/** The approximate time that the fields of one annotation take. */
const MICROSECONDS = 10;
const KINDS = ['ALERT', 'COMMIT', 'RELEASE'] as const;

/** Adds `annotations`. */
export function addAnnotations(types: TypeRegistry): void {
  const severity = columnEnum(types, columnOf(alerts, 'severity'));
  const type = annotationType(types);
  const kind = types.builder.enumType('AnnotationKind', {
    description: 'The kind of event that an annotation marks.',
    values: {
      ALERT: { description: 'An alert, from the time it was raised until it was resolved.' },
      COMMIT: { description: 'A commit, at its time.' },
      RELEASE: {
        description:
          'A release, at the time of its first request or model call with this `release`. A ' +
          'release that was already in use in the 7 days before the range has no annotation.',
      },
    } satisfies Readonly<Record<(typeof KINDS)[number], object>>,
  });
  types.builder.queryField('annotations', (t) =>
    t.field({
      authScopes: { read: true },
      type: [type],
      description:
        'The events of a time range, as flat rows to mark in charts: alerts that were open at some ' +
        'time within it, commits made in it, and releases that began in it. Oldest first; if there ' +
        'are more than `first`, the newest ones.',
      args: {
        ...instantArgs(types),
        kinds: t.arg({ type: [kind], description: 'Only annotations of these kinds. Default: all.' }),
        minSeverity: t.arg({ type: severity, description: 'Only alerts of this severity or worse.' }),
        first: t.arg.int({
          defaultValue: DEFAULT_FIRST,
          description: `Maximum number of annotations of each kind, 1 to ${MAX_PAGE_SIZE}.`,
        }),
      },
      extensions: costs(({ args }) => {
        const { kinds, first, range } = wanted(args);
        const releases = kinds.includes('RELEASE') ? costOfReleases(range) : 0;
        return { rows: kinds.length * first + releases, whole: true };
      }),
      resolve: async (_root, args, context) => {
        const asked = wanted(args);
        const read = { ALERT: alertsWithin, COMMIT: commitsWithin, RELEASE: releasesWithin };
        const found = await Promise.all(asked.kinds.map((name) => read[name](context, asked)));
        const oldestFirst = found.flat().sort((one, other) => one.time - other.time);
        return inPortions(context, oldestFirst, MICROSECONDS);
      },
    }),
  );
}

interface AnnotationArguments {
  readonly from: number;
  readonly to: number;
  readonly kinds?: readonly (typeof KINDS)[number][] | null | undefined;
  readonly minSeverity?: string | null | undefined;
  readonly first?: number | null | undefined;
}

interface Asked extends WantedAnnotations {
  readonly kinds: readonly (typeof KINDS)[number][];
}

/** @throws InvalidArgument at the invalid argument. */
function wanted({ from, to, kinds, minSeverity, first }: AnnotationArguments): Asked {
  return {
    range: readInstants({ from, to }),
    kinds: [...new Set(kinds ?? KINDS)],
    severities: minSeverity == null ? null : severitiesFrom(minSeverity),
    first: checkBetween(first ?? DEFAULT_FIRST, MAX_PAGE_SIZE, 'first'),
  };
}

function annotationType(types: TypeRegistry) {
  return types.builder.objectRef<Annotation>('Annotation').implement({
    description: 'Something that happened, to mark in charts.',
    fields: (t) => ({
      time: t.expose('time', { type: 'DateTime', description: 'When the event happened or began.' }),
      timeEnd: t.expose('timeEnd', {
        type: 'DateTime',
        nullable: true,
        description: 'When the alert was resolved; null if it is open, and for commits and releases.',
      }),
      title: t.exposeString('title', {
        description:
          'One line: the title of the alert, the short hash and the first line of the commit, or ' +
          'the release.',
      }),
      text: t.exposeString('text', {
        nullable: true,
        description:
          'The message of the alert, or who made the commit and what it changed. Null for releases.',
      }),
      tags: t.exposeString('tags', {
        description:
          'Words separated by commas, as dashboards expect them. For an alert: "alert", its ' +
          'severity, status and type, and the rule that raised it. For a commit: "commit", its ' +
          'repository, branch and agent. For a release: "release".',
      }),
    }),
  });
}
