import { useSignal, useSignalEffect } from '@preact/signals';
import './filter-bar.css';
import { Select } from '../../parts/select.tsx';
import { TextInput } from '../../parts/text-input.tsx';
import { param, setParams } from '../../state/location.ts';

/** A filter of a page: a parameter of its address. */
export interface FilterField {
  /** The name of the parameter. */
  readonly name: string;
  readonly label: string;
  /**
   * The options to choose from. Without them, the field is a text, applied on Enter or when it
   * loses focus.
   */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly type?: 'text' | 'number';
  /** The label while no option is chosen. Default: all. */
  readonly otherwise?: string;
}

/** The filters of a page. They are stored in the URL, so a link is a view. */
export function FilterBar({ fields }: { fields: readonly FilterField[] }) {
  return (
    <search>
      <div class="filter-bar">
        {fields.map((field) =>
          field.options === undefined ? (
            <TextFilter key={field.name} {...field} />
          ) : (
            <Select
              key={field.name}
              label={field.label}
              value={param(field.name).value ?? ''}
              options={[{ value: '', label: field.otherwise ?? `${field.label}: all` }, ...field.options]}
              onChange={(value: string) => setParams({ [field.name]: value === '' ? null : value })}
            />
          ),
        )}
      </div>
    </search>
  );
}

function TextFilter({ name, label, type = 'text' }: FilterField) {
  const text = useSignal('');
  // The URL also changes when the user goes back.
  useSignalEffect(() => {
    text.value = param(name).value ?? '';
  });
  const take = () => {
    const wanted = text.value.trim();
    if (wanted !== (param(name).value ?? '')) setParams({ [name]: wanted === '' ? null : wanted });
  };
  return (
    <span onFocusOut={take}>
      <TextInput
        label={label}
        placeholder={label}
        type={type}
        value={text.value}
        onInput={(value) => {
          text.value = value;
        }}
        onEnter={take}
      />
    </span>
  );
}

/** A number from the URL; null if it is not one. */
export function numberParam(name: string): number | null {
  const text = param(name).value;
  const number = text === null ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}
