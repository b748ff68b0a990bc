import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Row } from '../../parts/row.tsx';
import { Stack } from '../../parts/stack.tsx';
import { TextInput } from '../../parts/text-input.tsx';
import { notify } from '../../parts/toast.tsx';

const Acknowledge = graphql(`
  mutation AcknowledgeAlert($input: AcknowledgeAlertInput!) {
    acknowledgeAlert(input: $input) { alert { id status } }
  }
`);

const Resolve = graphql(`
  mutation ResolveAlert($input: ResolveAlertInput!) {
    resolveAlert(input: $input) { alert { id status } }
  }
`);

/** Alerts record who acknowledged them, so the browser remembers the name of its user. */
const NAME = 'telltale-name';

interface AlertActionsProps {
  readonly alert: { readonly alertId: string; readonly status: string };
  readonly onChanged: () => void;
}

/** Acknowledges or resolves an alert. */
export function AlertActions({ alert: { alertId, status }, onChanged }: AlertActionsProps) {
  const name = useSignal(localStorage.getItem(NAME) ?? '');
  const acknowledge = useAction(Acknowledge);
  const resolve = useAction(Resolve);
  if (status === 'RESOLVED') return null;
  const error = acknowledge.error ?? resolve.error;
  const who = () => name.value.trim();
  async function act(action: Promise<unknown>, done: string) {
    localStorage.setItem(NAME, who());
    const result = await action;
    if (result !== null) notify(done, 'good');
    // A rejection may mean that somebody else was faster.
    onChanged();
  }
  return (
    <Stack>
      <Field
        label="Your name"
        hint="The alert records who acknowledged it and who resolved it."
        error={error?.message}
      >
        <TextInput
          name="name"
          value={name.value}
          onInput={(value) => {
            name.value = value;
          }}
        />
      </Field>
      <Row>
        {status === 'OPEN' && (
          <Button
            kind="primary"
            icon="check"
            busy={acknowledge.isBusy}
            onClick={() =>
              act(
                acknowledge.run({ input: { alertId, acknowledgedBy: who() } }),
                'The alert is acknowledged.',
              )
            }
          >
            Acknowledge
          </Button>
        )}
        <Button
          busy={resolve.isBusy}
          onClick={() =>
            act(resolve.run({ input: { alertId, resolvedBy: who() } }), 'The alert is resolved.')
          }
        >
          Resolve
        </Button>
      </Row>
    </Stack>
  );
}
