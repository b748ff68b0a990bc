import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Button, type ButtonKind } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Row } from '../../parts/row.tsx';
import { type Option, Select } from '../../parts/select.tsx';
import { Stack } from '../../parts/stack.tsx';
import { TextInput } from '../../parts/text-input.tsx';
import { type FormProblems, NO_PROBLEMS } from './form-problems.ts';

/** The values of a form, all as texts, and functions to change them. */
export interface FormState<Name extends string> {
  readonly values: Readonly<Record<Name, string>>;
  set(name: Name, value: string): void;
  readonly problems: FormProblems;
}

/** @param initial the initial values */
export function useForm<Name extends string>(
  initial: Readonly<Record<Name, string>>,
): Omit<FormState<Name>, 'problems'> {
  const values = useSignal(initial);
  return {
    values: values.value,
    set: (name, value) => {
      values.value = { ...values.peek(), [name]: value };
    },
  };
}

interface FormProps {
  /** The label of the submit button. */
  submit: string;
  kind?: ButtonKind;
  isBusy: boolean;
  isDisabled?: boolean;
  problems?: FormProblems;
  onSubmit(): void;
  onCancel?(): void;
  children?: ComponentChildren;
}

/** Fields, errors that belong to no particular field, and a submit button. */
export function Form(props: FormProps) {
  const { submit, kind = 'primary', isBusy, isDisabled, problems = NO_PROBLEMS, onSubmit, onCancel } = props;
  const send = (event: Event) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={send} noValidate>
      <Stack>
        {props.children}
        {problems.other !== null && (
          <p class="field-error" role="alert">
            {problems.other}
          </p>
        )}
        <Row align="end">
          {onCancel && <Button onClick={onCancel}>Cancel</Button>}
          <Button kind={kind} type="submit" busy={isBusy} disabled={isDisabled}>
            {submit}
          </Button>
        </Row>
      </Stack>
    </form>
  );
}

interface FieldProps<Name extends string> {
  form: FormState<Name>;
  name: Name;
  label: string;
  hint?: ComponentChildren;
}

type TextProps = Pick<
  Parameters<typeof TextInput>[0],
  'type' | 'rows' | 'mono' | 'placeholder' | 'disabled' | 'required' | 'min' | 'max' | 'step'
>;

/** A text field of a form, with its error. */
export function TextField<Name extends string>({
  form,
  name,
  label,
  hint,
  ...passed
}: FieldProps<Name> & TextProps) {
  return (
    <Field label={label} hint={hint} error={form.problems.of(name)}>
      <TextInput
        {...passed}
        name={name}
        value={form.values[name]}
        onInput={(value) => form.set(name, value)}
      />
    </Field>
  );
}

/** A selection field of a form. */
export function SelectField<Name extends string>(
  props: FieldProps<Name> & { options: readonly Option[]; disabled?: boolean },
) {
  const { form, name, label, hint, options, disabled } = props;
  return (
    <Field label={label} hint={hint} error={form.problems.of(name)}>
      <Select
        value={form.values[name]}
        options={options}
        onChange={(value: string) => form.set(name, value)}
        disabled={disabled}
      />
    </Field>
  );
}
