import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Row } from '../../parts/row.tsx';
import { Stack } from '../../parts/stack.tsx';
import { TextInput } from '../../parts/text-input.tsx';
import { copy } from './copy.ts';

interface SecretProps {
  label: string;
  text: string;
  onDone(): void;
}

/** A secret that the server shows once: to be copied before it is gone. */
export function Secret({ label, text, onDone }: SecretProps) {
  return (
    <Stack>
      <Field
        label={label}
        hint="It is shown once. The server cannot show it again: keep it where secrets belong."
      >
        <TextInput mono rows={text.length > 60 ? 4 : 1} value={text} onInput={() => {}} />
      </Field>
      <Row align="end">
        <Button icon="copy" onClick={() => copy(text)}>
          Copy
        </Button>
        <Button kind="primary" onClick={onDone}>
          I have kept it
        </Button>
      </Row>
    </Stack>
  );
}
