interface Choice {
  readonly value: string;
  readonly label: string;
}

interface ChecksProps {
  readonly legend: string;
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  readonly error?: string | null;
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Checkboxes to choose some of a few options. */
export function Checks({ legend, choices, chosen, error, onChange }: ChecksProps) {
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  return (
    <fieldset class="settings-checks">
      <legend>{legend}</legend>
      {choices.map(({ value, label }) => (
        <label key={value}>
          <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
          {label}
        </label>
      ))}
      {error && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
