import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { notify } from '../../parts/toast.tsx';
import { Toggle } from '../../parts/toggle.tsx';
import { Form, type FormState, SelectField, TextField, useForm } from '../shared/form.tsx';
import { type FormProblems, problemsOf } from '../shared/form-problems.ts';
import { Secret } from '../shared/secret.tsx';
import {
  hasBrokenLabels,
  inputOf,
  WEBHOOK_FIELDS,
  type WebhookField,
  type WebhookTexts,
} from './webhook-texts.ts';

const Create = graphql(`
  mutation CreateWebhook($input: CreateWebhookInput!) {
    createWebhook(input: $input) { webhook { id webhookId } secret }
  }
`);

const Update = graphql(`
  mutation UpdateWebhook($input: UpdateWebhookInput!) {
    updateWebhook(input: $input) { webhook { id webhookId } }
  }
`);

interface WebhookFormProps {
  /** The webhook being changed; null for a new one. */
  readonly saved: string | null;
  readonly initial: WebhookTexts;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** Creates a webhook, whose secret is then shown once, or changes one. */
export function WebhookForm({ saved, initial, onSaved, onClose }: WebhookFormProps) {
  const form = useForm(initial);
  const create = useAction(Create);
  const update = useAction(Update);
  const secret = useSignal<string | null>(null);
  async function save() {
    const { url } = form.values;
    // The address of a chat is a secret that the server shows only in part. So it is sent only if
    // it was changed.
    const input = { ...inputOf(form.values), ...(url !== initial.url && { url: url.trim() }) };
    if (saved !== null) {
      if ((await update.run({ input })) === null) return;
      notify('The webhook is saved.', 'good');
      onSaved();
      onClose();
      return;
    }
    const done = await create.run({ input: { ...input, url: url.trim() } });
    if (done === null) return;
    onSaved();
    if (form.values.kind === 'WEBHOOK') {
      secret.value = done.createWebhook.secret;
    } else {
      notify('The webhook is created.', 'good');
      onClose();
    }
  }
  if (secret.value !== null) {
    return <Secret label="The key that signs the calls" text={secret.value} onDone={onClose} />;
  }
  const broken = hasBrokenLabels(form.values);
  const problems: FormProblems = broken
    ? {
        of: (name) => (name === 'labels' ? 'This is not JSON such as {"endUser": "user-7"}.' : null),
        other: null,
      }
    : problemsOf(create.error ?? update.error, WEBHOOK_FIELDS);
  return (
    <Form
      submit={saved === null ? 'Create the webhook' : 'Save'}
      isBusy={create.isBusy || update.isBusy}
      isDisabled={broken}
      problems={problems}
      onSubmit={save}
      onCancel={onClose}
    >
      <WebhookFields form={{ ...form, problems }} isNew={saved === null} />
    </Form>
  );
}

const KINDS = [
  { value: 'WEBHOOK', label: 'signed calls (Standard Webhooks)' },
  { value: 'SLACK', label: 'Slack' },
  { value: 'DISCORD', label: 'Discord' },
  { value: 'PAGERDUTY', label: 'PagerDuty' },
  { value: 'EMAIL', label: 'e-mail' },
];

const SEVERITIES = [
  { value: 'INFO', label: 'info and worse: all' },
  { value: 'WARNING', label: 'warning and worse' },
  { value: 'ERROR', label: 'error and worse' },
  { value: 'CRITICAL', label: 'critical only' },
];

const SECRETS: Readonly<Record<string, string>> = {
  WEBHOOK: 'The key that signs the calls, "whsec_…". Empty: the server creates one and shows it once.',
  PAGERDUTY: 'The integration key.',
};

function WebhookFields({ form, isNew }: { form: FormState<WebhookField>; isNew: boolean }) {
  const { kind, enabled } = form.values;
  const isRead = ['SLACK', 'DISCORD', 'EMAIL'].includes(kind);
  return (
    <>
      <TextField
        form={form}
        name="webhookId"
        label="Id"
        hint='For example "on-call".'
        mono
        disabled={!isNew}
      />
      <SelectField form={form} name="kind" label="Kind" options={KINDS} />
      <TextField
        form={form}
        name="url"
        label="Address"
        hint={kind === 'EMAIL' ? '"mailto:ana@acme.example,bo@acme.example".' : 'An https URL.'}
        mono
      />
      {isNew && SECRETS[kind] && (
        <TextField form={form} name="secret" label="Secret" hint={SECRETS[kind]} mono />
      )}
      <TextField form={form} name="description" label="Who is notified" />
      <SelectField form={form} name="minSeverity" label="Receives" options={SEVERITIES} />
      <TextField form={form} name="types" label="Types" hint='For example "COST, AGENT". Empty: all.' />
      <TextField
        form={form}
        name="labels"
        label="Labels"
        hint='Only alerts with all of these, such as {"endUser": "user-7"}. Empty: all.'
        mono
      />
      <TextField
        form={form}
        name="quietFrom"
        label="Quiet from"
        hint='"22:00": all but critical alerts wait. Empty: never.'
      />
      <TextField form={form} name="quietUntil" label="Quiet until" hint='"07:00"' />
      <TextField
        form={form}
        name="quietTimeZone"
        label="Time zone of the quiet hours"
        hint='For example "Europe/Berlin".'
      />
      {isRead && (
        <TextField
          form={form}
          name="groupWait"
          label="Group within"
          hint='"30s": alerts within this time share a message.'
        />
      )}
      <Toggle
        label="Alerts are sent"
        checked={enabled === 'yes'}
        onChange={(on) => form.set('enabled', on ? 'yes' : '')}
      />
    </>
  );
}
