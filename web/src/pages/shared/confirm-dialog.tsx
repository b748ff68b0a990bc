import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useAction } from '../../data/act.ts';
import type { Document } from '../../data/document.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { TextInput } from '../../parts/text-input.tsx';
import { notify } from '../../parts/toast.tsx';
import { Form } from './form.tsx';
import { problemsOf } from './form-problems.ts';

interface ConfirmProps<Result, Variables> {
  /** The question: "Delete the rule?" */
  title: string;
  /** The label of the button: "Delete". */
  action: string;
  document: Document<Result, Variables>;
  /** The variables of the mutation; null if the dialog is closed. */
  variables: Variables | null;
  /** Shown when it is done. */
  done: string;
  /** A text that must be typed first, for actions that cannot be undone. */
  typed?: string;
  onClose(): void;
  onDone(result: Result): void;
  /** What will happen. */
  children?: ComponentChildren;
}

/** Asks before something is destroyed or changed for good, and then does it. */
export function ConfirmDialog<Result, Variables>(props: ConfirmProps<Result, Variables>) {
  const { title, variables, onClose } = props;
  return (
    <Dialog title={title} open={variables !== null} onClose={onClose}>
      {variables !== null && <Question {...props} variables={variables} />}
    </Dialog>
  );
}

function Question<Result, Variables>(props: ConfirmProps<Result, Variables> & { variables: Variables }) {
  const { action, document, variables, done, typed, onClose, onDone, children } = props;
  const { run, isBusy, error } = useAction(document);
  const text = useSignal('');
  async function confirm() {
    const result = await run(variables);
    if (result === null) return;
    notify(done, 'good');
    onDone(result);
    onClose();
  }
  return (
    <Form
      submit={action}
      kind="danger"
      isBusy={isBusy}
      isDisabled={typed !== undefined && text.value !== typed}
      problems={problemsOf(error, [])}
      onSubmit={confirm}
      onCancel={onClose}
    >
      <div>{children}</div>
      {typed !== undefined && (
        <Field label={`Type "${typed}" to confirm`}>
          <TextInput
            mono
            value={text.value}
            onInput={(value) => {
              text.value = value;
            }}
          />
        </Field>
      )}
    </Form>
  );
}
