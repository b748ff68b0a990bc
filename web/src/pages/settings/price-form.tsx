import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import type { ServiceTier } from '../../generated/graphql.ts';
import { notify } from '../../parts/toast.tsx';
import { Form, SelectField, TextField, useForm } from '../shared/form.tsx';
import { problemsOf } from '../shared/form-problems.ts';

const SetPrice = graphql(`
  mutation SetPrice($input: SetPriceInput!) {
    setPrice(input: $input) { price { id } }
  }
`);

/** The prices of parts, in the order of the form. */
const AMOUNTS = ['input', 'output', 'cachedInput', 'cacheWrite', 'reasoning', 'perCall'] as const;
type Amount = (typeof AMOUNTS)[number];

const LABELS: Readonly<Record<Amount, string>> = {
  input: 'Prompt',
  output: 'Answer',
  cachedInput: 'Prompt from a cache',
  cacheWrite: 'Written to a cache',
  reasoning: 'Reasoning',
  perCall: 'Each call, in USD',
};

const FIELDS = ['provider', 'model', 'serviceTier', ...AMOUNTS, 'validFrom', 'validTo', 'note'] as const;
type PriceField = (typeof FIELDS)[number];

const TIERS = ['STANDARD', 'BATCH', 'FLEX', 'PRIORITY'].map((value) => ({
  value,
  label: value.toLowerCase(),
}));

interface PriceFormProps {
  readonly price: { readonly provider: string; readonly model: string } & Partial<
    Readonly<Record<PriceField, string | number | null>>
  >;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/**
 * Sets the price of a model. It replaces a stored price with the same provider, model, tier and
 * start.
 */
export function PriceForm({ price, onSaved, onClose }: PriceFormProps) {
  const textOf = (field: PriceField) => String(price[field] ?? (field === 'serviceTier' ? 'STANDARD' : ''));
  const initial = Object.fromEntries(FIELDS.map((field) => [field, textOf(field)]));
  const form = useForm(initial as Record<PriceField, string>);
  const { run, isBusy, error } = useAction(SetPrice);
  const state = { ...form, problems: problemsOf(error, FIELDS) };
  async function save() {
    const { provider, model, serviceTier, validFrom, validTo, note } = form.values;
    const orNull = (text: string) => text.trim() || null;
    const amounts = AMOUNTS.map((field) => [field, orNull(form.values[field]) && Number(form.values[field])]);
    const input = {
      provider: provider.trim(),
      model: model.trim(),
      serviceTier: serviceTier as ServiceTier,
      ...Object.fromEntries(amounts),
      validFrom: orNull(validFrom),
      validTo: orNull(validTo),
      note: orNull(note),
    };
    if ((await run({ input })) === null) return;
    notify(
      'The price is set. It applies to new calls; stored calls keep their cost until it is recomputed.',
      'good',
    );
    onSaved();
    onClose();
  }
  return (
    <Form submit="Set the price" isBusy={isBusy} problems={state.problems} onSubmit={save} onCancel={onClose}>
      <div class="settings-pair">
        <TextField form={state} name="provider" label="Provider" placeholder="openai" />
        <TextField form={state} name="model" label="Model" placeholder="gpt-4o-mini" />
      </div>
      <SelectField form={state} name="serviceTier" label="Tier" options={TIERS} />
      <p class="muted">
        USD per million tokens. An empty part costs the same as the rest of the prompt or the answer.
      </p>
      <div class="settings-pair">
        {AMOUNTS.map((field) => (
          <TextField
            key={field}
            form={state}
            name={field}
            label={LABELS[field]}
            type="number"
            min={0}
            step="any"
          />
        ))}
      </div>
      <div class="settings-pair">
        <TextField
          form={state}
          name="validFrom"
          label="For calls from"
          hint="2026-11-01T00:00:00Z. Empty: all."
        />
        <TextField
          form={state}
          name="validTo"
          label="For calls before"
          hint="Empty: until another price begins."
        />
      </div>
      <TextField form={state} name="note" label="Note" hint="For example a contract number." />
    </Form>
  );
}
