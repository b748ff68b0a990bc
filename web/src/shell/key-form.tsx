import { useSignal } from '@preact/signals';
import { key, useKey } from '../data/key.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { TextInput } from '../parts/text-input.tsx';

/** Asks for an API key if the server requires one. */
export function KeyForm({ reason }: { reason: string }) {
  const text = useSignal('');
  const submit = (event: Event) => {
    event.preventDefault();
    if (text.value.trim() !== '') useKey(text.value.trim());
  };
  return (
    <main class="key-form">
      <form onSubmit={submit}>
        <h1>Telltale</h1>
        <p>This server requires an API key. A key with the scope READ shows everything except settings.</p>
        <Field
          label="API key"
          hint="It stays in this tab until you close it, and is never part of a URL."
          error={key.value === null ? undefined : reason}
        >
          <TextInput
            type="password"
            name="key"
            value={text.value}
            onInput={(value: string) => {
              text.value = value;
            }}
          />
        </Field>
        <Button kind="primary" type="submit">
          Open the dashboard
        </Button>
        <p class="key-form-help">
          Whoever runs the server can create one:{' '}
          <code>npm run keys -- create --project shop --scope read</code>
        </p>
      </form>
    </main>
  );
}
