import { useSignal } from '@preact/signals';
import { Button, type ButtonKind } from './button.tsx';
import { Field } from './field.tsx';
import type { IconName } from './icon-paths.ts';
import { Stack } from './stack.tsx';
import { TextInput } from './text-input.tsx';

interface NameFormProps {
  /** The label of the field. */
  label: string;
  /** The label and the look of the button. */
  submit: string;
  kind?: ButtonKind;
  icon?: IconName;
  isBusy: boolean;
  /** Why the name was rejected. */
  error?: string | undefined;
  /** Receives the trimmed name. If it resolves with true, the field is cleared. */
  onSubmit(name: string): Promise<boolean>;
}

/** Asks for the name of something new. */
export function NameForm({ label, submit, kind, icon, isBusy, error, onSubmit }: NameFormProps) {
  const name = useSignal('');
  const send = async (event: Event) => {
    event.preventDefault();
    if (await onSubmit(name.value.trim())) name.value = '';
  };
  return (
    <form onSubmit={send}>
      <Stack>
        <Field label={label} error={error}>
          <TextInput
            value={name.value}
            required
            onInput={(text) => {
              name.value = text;
            }}
          />
        </Field>
        <Button kind={kind} icon={icon} type="submit" busy={isBusy}>
          {submit}
        </Button>
      </Stack>
    </form>
  );
}
