import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { linkTo } from '../../state/location.ts';
import type { PageProps } from '../shared/page-props.ts';
import { QueryPanel } from '../shared/query-panel.tsx';
import { Editor } from './editor.tsx';
import { LastEvaluation } from './last-evaluation.tsx';
import './rule.css';
import { NEW_RULE, textsOf } from './rule-form.ts';

const OneRule = graphql(`
  query OneRule($ruleId: String!) {
    alertRule(ruleId: $ruleId) {
      id ruleId name description enabled type aggregate dataset measure quantile sloId filter groupBy window
      comparator warning critical for recoverAfter renotify absent minimumCount webhooks updatedAt
      evaluatedAt evaluatedGroups evaluatedValue failedAt failure
    }
  }
`);

/** A rule, new or existing, and what it would have raised. */
export function Page({ params }: PageProps) {
  const ruleId = params['id'];
  return ruleId === undefined ? <NewRule /> : <KnownRule ruleId={ruleId} />;
}

const all = (
  <>
    It is tried on historical data before it is saved · <a href={linkTo('/rules')}>All rules</a>
  </>
);

function NewRule() {
  return (
    <>
      <PageHead title="New rule" subtitle={all} />
      <Editor saved={null} initial={NEW_RULE} />
    </>
  );
}

function KnownRule({ ruleId }: { ruleId: string }) {
  const query = useQuery(OneRule, () => ({ ruleId }), { everyMs: 15_000 });
  const rule = query.data?.alertRule;
  return (
    <>
      <PageHead
        title={rule?.name ?? 'Alert rule'}
        subtitle={
          <>
            {all} · <a href={linkTo('/alerts', { rule: ruleId, status: 'all' })}>Its alerts</a>
          </>
        }
      />
      {rule && <LastEvaluation rule={rule} />}
      {rule ? (
        <Editor key={rule.updatedAt} saved={rule.ruleId} initial={textsOf(rule)} onSaved={query.refresh} />
      ) : (
        <QueryPanel
          title="Rule"
          query={query}
          isEmpty={({ alertRule }) => alertRule === null}
          empty={{ title: 'No such rule', text: 'It was deleted, or belongs to another project.' }}
        >
          {() => null}
        </QueryPanel>
      )}
    </>
  );
}
