import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { Panel } from '../../parts/panel.tsx';
import { DATASETS } from '../shared/datasets.ts';
import { toIsoDuration } from '../shared/durations.ts';
import { Form, TextField, useForm } from '../shared/form.tsx';
import { type FormProblems, problemsOf } from '../shared/form-problems.ts';
import { Secret } from '../shared/secret.tsx';
import { Checks } from './checks.tsx';

const Create = graphql(`
  mutation CreateToken($input: CreateReadTokenInput!) {
    createReadToken(input: $input) { token expiresAt }
  }
`);

/** The filter in a form; undefined if its text is not JSON. */
function filterOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Tokens that permit reading some rows for a while, for a page of another site. */
export function ReadTokens() {
  const form = useForm({ filter: '{"endUser": {"eq": "user-7"}}', expiresIn: '1h' });
  const datasets = useSignal<readonly string[]>(['llmCalls']);
  const token = useSignal<string | null>(null);
  const { run, isBusy, error } = useAction(Create);
  const filter = filterOf(form.values.filter);
  const problems: FormProblems =
    filter === undefined
      ? { of: (name) => (name === 'filter' ? 'This is not valid JSON.' : null), other: null }
      : problemsOf(error, ['filter', 'expiresIn', 'datasets']);
  const state = { ...form, problems };
  async function create() {
    const input = { datasets: [...datasets.value], filter, expiresIn: toIsoDuration(form.values.expiresIn) };
    const done = await run({ input });
    token.value = done?.createReadToken.token ?? null;
  }
  const forget = () => {
    token.value = null;
  };
  return (
    <Panel
      title="New read token"
      subtitle="It permits reading only the matching rows, until it expires: for example for the page of one customer"
    >
      {token.value !== null ? (
        <Secret label='Send it as "Authorization: Bearer …"' text={token.value} onDone={forget} />
      ) : (
        <Form
          submit="Create the token"
          isBusy={isBusy}
          isDisabled={filter === undefined}
          problems={problems}
          onSubmit={create}
        >
          <Checks
            legend="Datasets"
            choices={DATASETS.map((name) => ({ value: name, label: name }))}
            chosen={datasets.value}
            error={problems.of('datasets')}
            onChange={(chosen) => {
              datasets.value = chosen;
            }}
          />
          <TextField
            form={state}
            name="filter"
            label="Only rows that match"
            hint="Like the filter of the lists. Each dataset must have the fields that it uses."
            rows={3}
            mono
          />
          <TextField form={state} name="expiresIn" label="Valid for" hint='At most "24h".' />
        </Form>
      )}
    </Panel>
  );
}
