import { useSignal } from '@preact/signals';
import { formatRange } from '../format/time.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { Select } from '../parts/select.tsx';
import { TextInput } from '../parts/text-input.tsx';
import { CHOICES, nameOfLast } from '../state/span.ts';
import { bounds, showRange, showSpan, span, zone } from '../state/view.ts';
import { fromLocalText, toLocalText } from './local-text.ts';

const CUSTOM = 'custom';

/** Selects the time range of all pages. */
export function RangeChooser() {
  const isOpen = useSignal(false);
  const current = span.value;
  const options = CHOICES.map((value) => ({ value: value as string, label: nameOfLast(value) }));
  const isOffered = current.kind === 'last' && CHOICES.some((choice) => choice === current.text);
  if (!isOffered) {
    const label =
      current.kind === 'last' ? nameOfLast(current.text) : formatRange(current.from, current.to, zone.value);
    options.unshift({ value: 'current', label });
  }
  options.push({ value: CUSTOM, label: 'From … to …' });
  return (
    <>
      <Select
        label="Time range"
        value={isOffered && current.kind === 'last' ? current.text : 'current'}
        options={options}
        onChange={(value: string) => {
          if (value === CUSTOM) isOpen.value = true;
          else if (value !== 'current') showRange(value);
        }}
      />
      {isOpen.value && (
        <CustomRange
          onClose={() => {
            isOpen.value = false;
          }}
        />
      )}
    </>
  );
}

function CustomRange({ onClose }: { onClose: () => void }) {
  const from = useSignal(toLocalText(bounds.peek().from, zone.peek()));
  const to = useSignal(toLocalText(bounds.peek().to, zone.peek()));
  const start = fromLocalText(from.value, zone.value);
  const end = fromLocalText(to.value, zone.value);
  const isRight = start !== null && end !== null && start < end;
  const submit = (event: Event) => {
    event.preventDefault();
    if (!isRight) return;
    showSpan({ kind: 'between', from: start, to: end });
    onClose();
  };
  return (
    <Dialog title="Time range" open onClose={onClose}>
      <form class="range-form" onSubmit={submit}>
        <Field label="From" hint={`In ${zone.value}`}>
          <TextInput
            type="datetime-local"
            value={from.value}
            onInput={(text: string) => (from.value = text)}
          />
        </Field>
        <Field label="To" error={isRight ? undefined : 'The range must end after it begins.'}>
          <TextInput type="datetime-local" value={to.value} onInput={(text: string) => (to.value = text)} />
        </Field>
        <Button kind="primary" type="submit" disabled={!isRight}>
          Show this range
        </Button>
      </form>
    </Dialog>
  );
}
