import { type ComponentChildren, createContext } from 'preact';
import { useContext, useId } from 'preact/hooks';
import '../styles/field.css';

interface FieldIds {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}

const FieldContext = createContext<FieldIds | null>(null);

/** What an input inherits from the {@link Field} around it; without one, its own label names it. */
export function useField(label: string | undefined): Partial<FieldIds> & { 'aria-label'?: string } {
  const ids = useContext(FieldContext);
  if (ids !== null) return ids;
  return label === undefined ? {} : { 'aria-label': label };
}

interface FieldProps {
  label: string;
  /** What it means, or which values are valid. */
  hint?: ComponentChildren;
  /** What is wrong, and what would be right. */
  error?: string | null;
  /** An input from this folder. */
  children: ComponentChildren;
}

/** An input with its label, its hint and its error. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  const hasNote = note !== undefined && note !== null;
  const ids: FieldIds = {
    id,
    'aria-describedby': hasNote ? `${id}-note` : undefined,
    'aria-invalid': error ? true : undefined,
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <FieldContext.Provider value={ids}>{children}</FieldContext.Provider>
      {hasNote && (
        <p id={`${id}-note`} class={error ? 'field-error' : 'field-hint'}>
          {note}
        </p>
      )}
    </div>
  );
}
