import type { Dataset } from '../../../core/dataset/dataset.ts';
import { type RetentionDays, retentionProblem } from '../../../core/dataset/retention.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import type { Context } from '../../../graphql/context.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { Policy } from '../../../retention/policy.ts';
import { retentionPolicy } from './retention-policies.ts';

/** The names of the arguments for the parts of a policy. */
const FIELDS = { rows: 'rowDays', MINUTE: 'minuteDays', HOUR: 'hourDays', DAY: 'dayDays' } as const;

type DaysInput = {
  readonly [Part in keyof typeof FIELDS as (typeof FIELDS)[Part]]?: number | null | undefined;
};

/** Adds `setRetentionPolicy` and `resetRetentionPolicy`. */
export function addRetentionMutations(types: TypeRegistry): void {
  const { builder } = types;
  builder.mutationField('setRetentionPolicy', (t) =>
    t.field({
      authScopes: { admin: true },
      type: payload(types, 'SetRetentionPolicyPayload'),
      description:
        'Sets how long the project keeps the data of a dataset. Takes effect at the next ' +
        'retention run, within an hour. Removed data does not come back, whatever is set later.',
      args: { input: t.arg({ type: setInput(types), required: true, description: 'The policy.' }) },
      resolve: (_root, { input }, context) => setPolicy(input.dataset, input, context),
    }),
  );
  builder.mutationField('resetRetentionPolicy', (t) =>
    t.field({
      authScopes: { admin: true },
      type: payload(types, 'ResetRetentionPolicyPayload'),
      description:
        'Removes the policy that `setRetentionPolicy` set: the defaults of the server and the ' +
        'dataset apply again. Does nothing if none was set.',
      args: {
        input: t.arg({ type: resetInput(types), required: true, description: 'The policy to reset.' }),
      },
      resolve: (_root, { input }, { projectId, services }) =>
        services.retention.policies.reset(projectId, datasetOf(input.dataset, services.datasets)),
    }),
  );
}

/**
 * Omitted days keep their values.
 *
 * @throws InvalidArgument at the argument with an invalid number of days.
 */
async function setPolicy(name: string, input: DaysInput, { projectId, services }: Context): Promise<Policy> {
  const { policies } = services.retention;
  const dataset = datasetOf(name, services.datasets);
  const { days: present } = await policies.ofProjectAndDataset(projectId, dataset);
  const given = (part: keyof RetentionDays): number | null => {
    const days = input[FIELDS[part]];
    return days === undefined ? present[part] : days;
  };
  const days = { rows: given('rows'), MINUTE: given('MINUTE'), HOUR: given('HOUR'), DAY: given('DAY') };
  const found = retentionProblem(days, (part) => FIELDS[part]);
  if (found !== null) {
    const field = FIELDS[found.part];
    throw new InvalidArgument(`${field} ${found.problem}`, `input.${field}`);
  }
  return policies.set(projectId, dataset, days);
}

function datasetOf(name: string, datasets: readonly Dataset[]): Dataset {
  const dataset = datasets.find((candidate) => candidate.name === name);
  if (dataset !== undefined) return dataset;
  const known = datasets.map((candidate) => candidate.name).join(', ');
  throw new InvalidArgument(`There is no dataset "${name}". There are: ${known}.`, 'input.dataset');
}

function payload(types: TypeRegistry, name: string) {
  return types.builder.objectRef<Policy>(name).implement({
    description: 'The result of changing a retention policy.',
    fields: (t) => ({
      retentionPolicy: t.field({
        type: retentionPolicy(types),
        description: 'The policy now in force.',
        resolve: (policy) => policy,
      }),
    }),
  });
}

function setInput({ builder }: TypeRegistry) {
  const days = (what: string): string =>
    `Days to keep ${what}, from 1; null: forever. If omitted, the current value stays.`;
  const atLeast = (finer: string): string => ` Not fewer than \`${finer}\`.`;
  return builder.inputType('SetRetentionPolicyInput', {
    description: 'How long the project keeps the data of a dataset.',
    fields: (t) => ({
      dataset: t.string({ required: true, description: 'The dataset, for example "llmCalls".' }),
      rowDays: t.int({ description: days('rows') }),
      minuteDays: t.int({ description: days('totals per minute') }),
      hourDays: t.int({ description: days('totals per hour') + atLeast('minuteDays') }),
      dayDays: t.int({ description: days('totals per day') + atLeast('hourDays') }),
    }),
  });
}

function resetInput({ builder }: TypeRegistry) {
  return builder.inputType('ResetRetentionPolicyInput', {
    description: 'The retention policy to reset.',
    fields: (t) => ({
      dataset: t.string({ required: true, description: 'The dataset, for example "llmCalls".' }),
    }),
  });
}
