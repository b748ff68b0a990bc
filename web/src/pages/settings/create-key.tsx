import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { key, useKey } from '../../data/key.ts';
import type { ApiKeyScope, CreateApiKeyInput } from '../../generated/graphql.ts';
import { Toggle } from '../../parts/toggle.tsx';
import { toIsoDuration } from '../shared/durations.ts';
import { Form, type FormState, TextField, useForm } from '../shared/form.tsx';
import { problemsOf } from '../shared/form-problems.ts';
import { Secret } from '../shared/secret.tsx';
import { Checks } from './checks.tsx';
import { quotaInWords, useDefaultQuotas } from './default-quotas.tsx';

const Create = graphql(`
  mutation CreateKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { text apiKey { apiKeyId } }
  }
`);

const SCOPES = [
  { value: 'READ', label: 'READ: queries and subscriptions' },
  { value: 'INGEST', label: 'INGEST: recording events; alerts, the catalog, architectures' },
  { value: 'ADMIN', label: 'ADMIN: everything, and how the server works' },
];

const FIELDS = [
  'name',
  'project',
  'expiresIn',
  'eventsPerMinute',
  'eventsPerDay',
  'queryCostPerMinute',
] as const;
type Field = (typeof FIELDS)[number];

const EMPTY = {
  name: '',
  project: '',
  expiresIn: '',
  eventsPerMinute: '',
  eventsPerDay: '',
  queryCostPerMinute: '',
};

interface CreateKeyProps {
  /** A server without keys requires none. The first key changes that. */
  readonly isFirst: boolean;
  readonly onCreated: () => void;
  readonly onClose: () => void;
}

/** Creates a key, whose text is then shown once. */
export function CreateKey({ isFirst, onCreated, onClose }: CreateKeyProps) {
  const form = useForm(EMPTY);
  const scopes = useSignal<readonly string[]>(isFirst ? ['ADMIN'] : ['READ']);
  const trusted = useSignal(false);
  const text = useSignal<string | null>(null);
  const { run, isBusy, error } = useAction(Create);
  const problems = problemsOf(error, [...FIELDS, 'scopes']);
  const state = { ...form, problems };
  async function create() {
    const done = await run({ input: inputOf(form.values, scopes.value, trusted.value) });
    if (done === null) return;
    text.value = done.createApiKey.text;
    // From now on the server requires a key. Without it, this page would lose access while the text
    // is still shown.
    if (isFirst && key.value === null && scopes.value.includes('ADMIN')) useKey(done.createApiKey.text);
    onCreated();
  }
  if (text.value !== null) return <Secret label="The key" text={text.value} onDone={onClose} />;
  return (
    <Form submit="Create the key" isBusy={isBusy} problems={problems} onSubmit={create} onCancel={onClose}>
      {isFirst && (
        <p>
          Once there is a key, the server requires one from everybody. Create one with ADMIN first: this tab
          will use it.
        </p>
      )}
      <TextField form={state} name="name" label="Name" hint="Helps to recognize the key." />
      <Checks
        legend="Scopes"
        choices={SCOPES}
        chosen={scopes.value}
        error={problems.of('scopes')}
        onChange={(chosen) => {
          scopes.value = chosen;
        }}
      />
      <TextField
        form={state}
        name="project"
        label="Project"
        hint="Its id. Empty: the project of your own key, or all projects if your key is for all."
      />
      <TextField form={state} name="expiresIn" label="Valid for" hint='"90d". Empty: until it is revoked.' />
      <Limits form={state} />
      <Toggle
        label="Trusted documents only"
        checked={trusted.value}
        onChange={(on) => {
          trusted.value = on;
        }}
      />
    </Form>
  );
}

/** The limits of a key that differ from the server's defaults. */
function Limits({ form }: { readonly form: FormState<Field> }) {
  const defaults = useDefaultQuotas().data?.defaultQuotas.key;
  const hintOf = (name: keyof NonNullable<typeof defaults>) =>
    defaults ? `Empty: ${quotaInWords(defaults[name])}, as by default.` : undefined;
  return (
    <>
      <div class="settings-pair">
        <TextField
          form={form}
          name="eventsPerMinute"
          label="Events per minute"
          hint={hintOf('eventsPerMinute')}
          type="number"
          min={1}
        />
        <TextField
          form={form}
          name="eventsPerDay"
          label="Events per day"
          hint={hintOf('eventsPerDay')}
          type="number"
          min={1}
        />
      </div>
      <TextField
        form={form}
        name="queryCostPerMinute"
        label="Query cost per minute"
        hint={['In the unit of extensions.cost.', hintOf('queryCostPerMinute')].filter(Boolean).join(' ')}
        type="number"
        min={1}
      />
    </>
  );
}

/** Empty fields are omitted: the server's defaults then apply. */
function inputOf(
  { name, project, expiresIn, ...limits }: Readonly<Record<Field, string>>,
  scopes: readonly string[],
  isTrusted: boolean,
): CreateApiKeyInput {
  const numbers = Object.entries(limits).flatMap(([field, value]) =>
    value === '' ? [] : [[field, Number(value)]],
  );
  return {
    scopes: scopes as ApiKeyScope[],
    ...(name.trim() && { name: name.trim() }),
    ...(project.trim() && { project: project.trim() }),
    ...(expiresIn.trim() && { expiresIn: toIsoDuration(expiresIn) }),
    ...Object.fromEntries(numbers),
    ...(isTrusted && { trustedDocumentsOnly: true }),
  };
}
