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

/** A secret that the server shows only once, to be copied. */
export function Secret({ label, text, onDone }: SecretProps) {
  return (
    <Stack>
      <Field
        label={label}
        hint="It is shown only once: the server cannot show it again. Store it where you keep secrets."
      >
        <TextInput mono rows={text.length > 60 ? 4 : 1} value={text} onInput={() => {}} />
      </Field>
      <Row align="end">
        <Button icon="copy" onClick={() => copy(text)}>
          Copy
        </Button>
        <Button kind="primary" onClick={onDone}>
          I have stored it
        </Button>
      </Row>
    </Stack>
  );
}
