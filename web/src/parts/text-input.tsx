import '../styles/field.css';
import { useField } from './field.tsx';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';

interface TextInputProps {
  value: string;
  onInput(value: string): void;
  /** Called when Enter is pressed; in a multi-line text, Ctrl or Cmd with Enter. */
  onEnter?(value: string): void;
  /** Its name if there is no {@link Field} around it. */
  label?: string;
  type?: 'text' | 'search' | 'number' | 'password' | 'url' | 'email' | 'datetime-local' | 'date';
  placeholder?: string;
  icon?: IconName;
  /** For more than one line. */
  rows?: number;
  /** Monospaced, for code. */
  mono?: boolean;
  disabled?: boolean;
  required?: boolean;
  name?: string;
  min?: number | string;
  max?: number | string;
  step?: number | 'any';
}

/** A line of text, or several. */
export function TextInput(props: TextInputProps) {
  const { value, onInput, onEnter, label, type = 'text', icon, rows, mono = false, ...passed } = props;
  const field = useField(label);
  const shared = {
    ...passed,
    ...field,
    value,
    class: `input${mono ? ' mono' : ''}`,
    autoComplete: 'off',
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
  } as const;
  if (rows !== undefined) {
    const enter = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onEnter?.(value);
    };
    return <textarea {...shared} rows={rows} onKeyDown={enter} />;
  }
  const input = (
    // Preact types an input by its kind; those of ours have the same attributes.
    <input
      {...shared}
      type={type as 'text'}
      onKeyDown={(event) => event.key === 'Enter' && onEnter?.(value)}
    />
  );
  if (icon === undefined) return input;
  return (
    <span class="input-with-icon">
      <Icon name={icon} size={14} />
      {input}
    </span>
  );
}
