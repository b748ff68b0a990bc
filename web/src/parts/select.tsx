import '../styles/field.css';
import { useField } from './field.tsx';

/** An option of {@link Select}. */
export interface Option<V extends string = string> {
  value: V;
  label?: string;
  disabled?: boolean;
}

interface SelectProps<V extends string> {
  value: V;
  options: readonly Option<V>[];
  onChange(value: V): void;
  /** Its name if there is no `Field` around it. */
  label?: string;
  disabled?: boolean;
}

/** One of a few options: the browser's own list, which is accessible to everybody. */
export function Select<V extends string>({ value, options, onChange, label, disabled }: SelectProps<V>) {
  const field = useField(label);
  const change = (chosen: string) => {
    const option = options.find((each) => each.value === chosen);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <select
      {...field}
      class="input select"
      value={value}
      disabled={disabled}
      onChange={(event) => change(event.currentTarget.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value} disabled={option.disabled}>
          {option.label ?? option.value}
        </option>
      ))}
    </select>
  );
}
