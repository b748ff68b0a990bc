import { formatValue } from '../../format/value.ts';
import type { OneRuleQuery } from '../../generated/graphql.ts';
import { Panel } from '../../parts/panel.tsx';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { groupsInWords, numberInWords, unitOf } from '../shared/rule-words.ts';

type Rule = NonNullable<OneRuleQuery['alertRule']>;

/** When a rule was last evaluated and what it measured; first of all, why it cannot be. */
export function LastEvaluation({ rule }: { rule: Rule }) {
  const { enabled, failure, failedAt } = rule;
  if (failure !== null) {
    return (
      <Panel title="It cannot be evaluated">
        <p>{failure}</p>
        <p class="muted">
          Last tried <Time at={failedAt} zone={zone.value} />. <Measured rule={rule} />
        </p>
      </Panel>
    );
  }
  return (
    <p class="rule-evaluation muted">
      {enabled ? <Measured rule={rule} /> : 'It is not evaluated: it is off.'}
    </p>
  );
}

function Measured({ rule }: { rule: Rule }) {
  const { evaluatedAt, evaluatedGroups, evaluatedValue, groupBy } = rule;
  if (evaluatedAt === null) return <>It has not been evaluated yet.</>;
  const isGrouped = groupBy.length > 0;
  const value = `${numberInWords(rule)} ${formatValue(evaluatedValue, unitOf(rule))}`;
  return (
    <>
      Last evaluated <Time at={evaluatedAt} zone={zone.value} />:{' '}
      {isGrouped && evaluatedGroups !== null && `${groupsInWords(evaluatedGroups)}, `}
      {evaluatedValue === null ? 'nothing to measure' : `${isGrouped ? 'at worst ' : ''}${value}`}.
    </>
  );
}
