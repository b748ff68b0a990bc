import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useAction } from '../../data/act.ts';
import type { AskError } from '../../data/ask.ts';
import { graphql } from '../../data/graphql.ts';
import type { CreateAlertRuleInput } from '../../generated/graphql.ts';
import { Panel } from '../../parts/panel.tsx';
import { notify } from '../../parts/toast.tsx';
import { go, linkToOne } from '../../state/location.ts';
import { Form, useForm } from '../shared/form.tsx';
import { type FormProblems, problemsOf } from '../shared/form-problems.ts';
import { Preview } from './preview.tsx';
import { RuleFields } from './rule-fields.tsx';
import { inputOf, isUnreadable, RULE_FIELDS, type RuleTexts } from './rule-form.ts';

const Create = graphql(`
  mutation CreateRule($input: CreateAlertRuleInput!) {
    createAlertRule(input: $input) { rule { id ruleId } }
  }
`);

const Update = graphql(`
  mutation UpdateRule($input: UpdateAlertRuleInput!) {
    updateAlertRule(input: $input) { rule { id ruleId } }
  }
`);

interface EditorProps {
  /** The id of the rule being changed; null for a new one. */
  readonly saved: string | null;
  readonly initial: RuleTexts;
  readonly onSaved?: () => void;
}

/** After this pause in typing, the rule is tried on historical data. */
const PAUSE_MS = 500;

/** The fields of a rule, and beside them what it would have raised. */
export function Editor({ saved, initial, onSaved }: EditorProps) {
  const form = useForm(initial);
  const input = inputOf(form.values);
  const previewed = useSignal<CreateAlertRuleInput | null>(isUnreadable(input) ? null : input);
  const refusal = useSignal<AskError | null>(null);
  const create = useAction(Create);
  const update = useAction(Update);
  useEffect(() => {
    if (isUnreadable(input)) return;
    const timer = setTimeout(() => {
      previewed.value = input;
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [form.values]);
  async function save() {
    if (isUnreadable(input)) return;
    const { dataset, ...rest } = input;
    // A burn rate uses the dataset of its SLO.
    const changed = dataset === undefined ? rest : input;
    const done = saved === null ? await create.run({ input }) : await update.run({ input: changed });
    if (done === null) return;
    notify('The rule is saved.', 'good');
    if (saved === null) go(linkToOne('/rules', input.ruleId), { replace: true });
    else onSaved?.();
  }
  const problems: FormProblems = isUnreadable(input)
    ? { of: (field) => (field === input.field ? input.message : null), other: null }
    : problemsOf(create.error ?? update.error ?? refusal.value, RULE_FIELDS);
  return (
    <div class="rule-editor">
      <Panel title="The rule">
        <Form
          submit={saved === null ? 'Create the rule' : 'Save'}
          isBusy={create.isBusy || update.isBusy}
          isDisabled={isUnreadable(input)}
          problems={problems}
          onSubmit={save}
        >
          <RuleFields form={{ ...form, problems }} isNew={saved === null} />
        </Form>
      </Panel>
      <div class="rule-preview">
        <Preview
          rule={previewed}
          onRefused={(error) => {
            refusal.value = error;
          }}
        />
      </div>
    </div>
  );
}
