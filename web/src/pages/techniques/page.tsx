import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { TechniquesQuery } from '../../generated/graphql.ts';
import type { Column } from '../../parts/column.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { range, zone } from '../../state/view.ts';
import { numberColumn, textColumn } from '../shared/columns.tsx';
import { type Course, Courses } from '../shared/courses.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const Techniques = graphql(`
  query Techniques($range: TimeRangeInput!, $zone: TimeZone!) {
    techniqueStats(range: $range, first: 100) {
      techniqueSuite potencyLevel uses shareOfUses successRate averageTransformers
    }
    techniqueUsageAnalytics(range: $range) {
      series(timeZone: $zone, top: 7) {
        other
        dimensions { techniqueSuite }
        points { start stats { count successRate } }
      }
    }
  }
`);

type Uses = TechniquesQuery['techniqueUsageAnalytics']['series'][number]['points'][number]['stats'];

const COURSES: readonly Course<Uses>[] = [
  { title: 'Uses', unit: 'count', kind: 'stacked', read: ({ count }) => count },
  { title: 'Succeeded', unit: 'ratio', kind: 'line', read: ({ successRate }) => successRate },
];

type Technique = TechniquesQuery['techniqueStats'][number];

const COLUMNS: readonly Column<Technique>[] = [
  textColumn('suite', 'Technique', ({ techniqueSuite }) => techniqueSuite, { sortable: true }),
  { key: 'level', title: 'Potency', value: ({ potencyLevel }) => potencyLevel, sortable: true },
  numberColumn('uses', 'Uses', 'count', ({ uses }) => uses, { sortable: true }),
  numberColumn('share', 'Share', 'ratio', ({ shareOfUses }) => shareOfUses, {
    sortable: true,
    hideBelow: 'narrow',
  }),
  numberColumn('success', 'Succeeded', 'ratio', (row) => row.successRate, { sortable: true }),
  numberColumn('transformers', 'Transformers', 'number', (row) => row.averageTransformers, {
    hint: 'Average number of transformers per use',
    sortable: true,
    hideBelow: 'narrow',
  }),
];

/** Prompt techniques: how often they are used, and whether they help. */
export function Page() {
  const variables = () => ({ range: range.value, zone: zone.value });
  const query = useQuery(Techniques, variables, { everyMs: 30_000 });
  const nothing = 'No prompt techniques were used in this range.';
  return (
    <>
      <PageHead
        title="Techniques"
        subtitle="How often prompt techniques are used, and whether they succeed"
      />
      <Courses
        courses={COURSES}
        query={query}
        seriesOf={({ techniqueUsageAnalytics }) => techniqueUsageAnalytics.series}
        nameOf={({ dimensions }) => dimensions?.techniqueSuite ?? 'none'}
        nothing={nothing}
        min={340}
        group="techniques"
      />
      <TablePanel
        title="Techniques"
        query={query}
        empty={{ text: nothing }}
        rowsOf={({ techniqueStats }) => techniqueStats}
        keyOf={({ techniqueSuite, potencyLevel }) => `${techniqueSuite} ${potencyLevel}`}
        columns={COLUMNS}
      />
    </>
  );
}
