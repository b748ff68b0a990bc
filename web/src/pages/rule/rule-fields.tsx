import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { DATASETS, isDataset, typesOf } from '../shared/datasets.ts';
import { type FormState, SelectField, TextField } from '../shared/form.tsx';
import { unitOf } from '../shared/rule-words.ts';
import { needsMeasure, type RuleField } from './rule-form.ts';

/** What the schema says about a dataset: its measures and its dimensions. */
const Vocabulary = graphql(`
  query RuleVocabulary($stats: String!, $dimensions: String!) {
    stats: __type(name: $stats) { fields { name type { ofType { name } } } }
    dimensions: __type(name: $dimensions) { fields { name args { name } } }
  }
`);

const Slos = graphql(`
  query SlosForRules {
    slos(first: 200) { nodes { sloId name } }
  }
`);

const optionsOf = (names: readonly string[]) => names.map((value) => ({ value }));

const AGGREGATES = [
  { value: 'COUNT', label: 'number of events' },
  { value: 'ERROR_RATE', label: 'error rate, 0 to 1' },
  { value: 'QUANTILE', label: 'quantile' },
  { value: 'AVG', label: 'mean' },
  { value: 'SUM', label: 'sum' },
  { value: 'MIN', label: 'minimum' },
  { value: 'MAX', label: 'maximum' },
  { value: 'COUNT_DISTINCT', label: 'distinct values' },
  { value: 'BURN_RATE', label: 'burn rate of an SLO' },
];

const COMPARATORS = [
  { value: 'GT', label: 'greater than' },
  { value: 'GTE', label: 'at least' },
  { value: 'LT', label: 'less than' },
  { value: 'LTE', label: 'at most' },
];

const ABSENT = [
  { value: 'OK', label: 'all is well' },
  { value: 'KEEP', label: 'nothing changes' },
  { value: 'WARNING', label: 'a warning' },
  { value: 'CRITICAL', label: 'critical' },
];

const TYPES = optionsOf(['AGENT', 'COST', 'PERFORMANCE', 'SYSTEM', 'TASK']);

const UNITS: Readonly<Record<string, string>> = {
  ms: 'milliseconds',
  usd: 'USD',
  ratio: '0 to 1',
  tokens: 'tokens',
  count: 'events',
};

interface RuleFieldsProps {
  readonly form: FormState<RuleField>;
  readonly isNew: boolean;
}

/** All fields of a rule. */
export function RuleFields({ form, isNew }: RuleFieldsProps) {
  return (
    <>
      <TextField form={form} name="name" label="Name" hint="The title of its alerts." />
      <TextField
        form={form}
        name="ruleId"
        label="Id"
        hint={isNew ? 'For example "slow-checkout". It cannot be changed later.' : undefined}
        mono
        disabled={!isNew}
      />
      <MeasuredFields key={form.values.dataset} form={form} />
      <ThresholdFields form={form} />
      <TextField
        form={form}
        name="description"
        label="What to do"
        hint="For the people who get the alert."
        rows={3}
      />
      <div class="rule-pair">
        <SelectField form={form} name="type" label="Type of its alerts" options={TYPES} />
        <TextField form={form} name="renotify" label="Remind every" hint='"4h". Empty: never.' />
      </div>
      <TextField
        form={form}
        name="webhooks"
        label="Webhooks"
        hint="Their ids, separated by commas. Empty: all."
        mono
      />
    </>
  );
}

/** What is measured, for which events, and for which groups. */
function MeasuredFields({ form }: { form: FormState<RuleField> }) {
  const { dataset, aggregate, measure } = form.values;
  const types = isDataset(dataset) ? typesOf(dataset) : null;
  const { data } = useQuery(Vocabulary, () => types && { stats: types.stats, dimensions: types.dimensions });
  const measures = (data?.stats?.fields ?? [])
    .filter(({ type }) => type.ofType?.name === 'MeasureStats')
    .map(({ name }) => name);
  const dimensions = (data?.dimensions?.fields ?? [])
    .filter(({ args }) => args.length === 0)
    .map(({ name }) => name);
  const counts = aggregate === 'COUNT_DISTINCT';
  const choices = counts ? dimensions : measures;
  if (aggregate === 'BURN_RATE') {
    return (
      <>
        <SelectField form={form} name="aggregate" label="Number" options={AGGREGATES} />
        <SloField form={form} />
      </>
    );
  }
  return (
    <>
      <div class="rule-pair">
        <SelectField form={form} name="dataset" label="Events" options={optionsOf(DATASETS)} />
        <SelectField form={form} name="aggregate" label="Number" options={AGGREGATES} />
      </div>
      {needsMeasure(aggregate) && (
        <div class="rule-pair">
          <SelectField
            form={form}
            name="measure"
            label={counts ? 'Dimension' : 'Measure'}
            options={optionsOf(choices.includes(measure) ? choices : [measure, ...choices])}
          />
          {aggregate === 'QUANTILE' && (
            <TextField
              form={form}
              name="quantile"
              label="Quantile"
              hint="0.95: the 95th percentile."
              type="number"
              step="any"
            />
          )}
        </div>
      )}
      <TextField
        form={form}
        name="filter"
        label="Only events that match"
        hint={'Like the filter of the list: {"environment": {"eq": "production"}}. Empty: all.'}
        rows={3}
        mono
      />
      <TextField
        form={form}
        name="groupBy"
        label="For each"
        hint={`An alert for each value of: ${dimensions.join(', ')}, tags.<key>. Empty: one for all.`}
        mono
      />
    </>
  );
}

function SloField({ form }: { form: FormState<RuleField> }) {
  const { data } = useQuery(Slos, () => ({}));
  const known = (data?.slos.nodes ?? []).map(({ sloId, name }) => ({ value: sloId, label: name }));
  const { sloId } = form.values;
  const isKnown = known.some(({ value }) => value === sloId);
  return (
    <SelectField
      form={form}
      name="sloId"
      label="SLO"
      hint="It defines which events count and which of them are good."
      options={isKnown ? known : [{ value: sloId, label: sloId || 'choose one' }, ...known]}
    />
  );
}

/** When the rule fires, and when its alert ends. */
function ThresholdFields({ form }: { form: FormState<RuleField> }) {
  const unit = UNITS[unitOf(form.values)];
  return (
    <>
      <div class="rule-pair">
        <TextField form={form} name="window" label="Window" hint='The last "5m", "1h" or "1d".' />
        <SelectField form={form} name="comparator" label="Fires when it is" options={COMPARATORS} />
      </div>
      <div class="rule-pair">
        <TextField form={form} name="warning" label="Warning" hint={unit} type="number" step="any" />
        <TextField form={form} name="critical" label="Critical" hint={unit} type="number" step="any" />
      </div>
      <div class="rule-pair">
        <TextField form={form} name="for" label="For at least" hint='"5m". Empty: at once.' />
        <TextField
          form={form}
          name="recoverAfter"
          label="Ends after"
          hint="How long no threshold must be passed. Empty: at once."
        />
      </div>
      <div class="rule-pair">
        <SelectField form={form} name="absent" label="Missing data means" options={ABSENT} />
        <TextField
          form={form}
          name="minimumCount"
          label="Minimum events"
          hint="With fewer in the window, data counts as missing."
          type="number"
        />
      </div>
    </>
  );
}
