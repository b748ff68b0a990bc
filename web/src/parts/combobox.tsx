import { useEffect, useId, useRef, useState } from 'preact/hooks';
import '../styles/combobox.css';
import '../styles/field.css';
import { useField } from './field.tsx';
import { useDismiss } from './use-dismiss.ts';

/** A suggested value. */
export interface ComboboxOption {
  value: string;
  label?: string;
  /** Shown to its right in muted text, such as how often it occurs. */
  detail?: string;
}

interface ComboboxProps {
  value: string;
  /** The values that match the typed text. The caller finds them; they are not filtered here. */
  options: readonly ComboboxOption[];
  /** Called with the typed text, which is empty when it opens, to find matching values. */
  onQuery(text: string): void;
  /** Called when a value is chosen, or when Enter is pressed on one that is not suggested. */
  onChange(value: string): void;
  /** Its name if there is no `Field` around it. */
  label?: string;
  placeholder?: string;
  loading?: boolean;
  /** Whether only suggested values can be chosen. */
  strict?: boolean;
  disabled?: boolean;
}

/** A text field that suggests values while the user types. */
export function Combobox(props: ComboboxProps) {
  const { value, options, onQuery, onChange, label, placeholder, loading = false, strict = false } = props;
  const field = useField(label);
  const [text, setText] = useState(value);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const area = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => setText(value), [value]);
  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  useDismiss(area, isOpen, () => {
    close();
    setText(value);
  });
  const open = (query: string) => {
    setOpen(true);
    setActive(-1);
    onQuery(query);
  };
  const choose = (chosen: string) => {
    setText(chosen);
    close();
    onChange(chosen);
  };
  const move = (step: number) => {
    if (!isOpen) return open('');
    setActive((active + step + options.length) % Math.max(options.length, 1));
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(active < 0 ? 0 : -1),
    Enter: () => {
      const chosen = options[active]?.value ?? (strict ? undefined : text);
      if (chosen !== undefined) choose(chosen);
    },
  };
  const press = (event: KeyboardEvent) => {
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  return (
    <div class="combobox" ref={area}>
      <input
        {...field}
        class="input"
        role="combobox"
        autoComplete="off"
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        value={text}
        placeholder={placeholder}
        disabled={props.disabled}
        onFocus={() => open('')}
        onInput={(event) => {
          setText(event.currentTarget.value);
          open(event.currentTarget.value);
        }}
        onKeyDown={press}
      />
      {isOpen && (
        <Offered {...{ id, options, active, loading, value }} label={label ?? 'Values'} onChoose={choose} />
      )}
    </div>
  );
}

interface OfferedProps {
  id: string;
  label: string;
  options: readonly ComboboxOption[];
  active: number;
  loading: boolean;
  value: string;
  onChoose(value: string): void;
}

function Offered({ id, label, options, active, loading, value, onChoose }: OfferedProps) {
  if (options.length === 0) {
    return (
      <div class="combobox-list combobox-none" id={id} role="status">
        {loading ? 'Looking…' : 'No matching values.'}
      </div>
    );
  }
  return (
    <div class="combobox-list" id={id} role="listbox" aria-label={label}>
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys of the list.
        <div
          key={option.value}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active || option.value === value}
          class={index === active ? 'combobox-active' : undefined}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(option.value)}
        >
          <span class="truncate" title={option.label ?? option.value}>
            {option.label ?? option.value}
          </span>
          {option.detail !== undefined && <span class="muted">{option.detail}</span>}
        </div>
      ))}
    </div>
  );
}
