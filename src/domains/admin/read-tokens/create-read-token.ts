import { InvalidArgument } from '../../../core/errors.ts';
import { durationMs } from '../../../core/time/duration.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

const DEFAULT_LIFETIME = 'PT1H';

/** Adds `createReadToken`. */
export function addCreateReadToken(types: TypeRegistry): void {
  types.builder.mutationField('createReadToken', (t) =>
    t.field({
      // A read token has no scopes, so it cannot create other tokens.
      authScopes: { read: true },
      type: createPayload(types),
      description:
        'Makes a short-lived token that reads, and only the rows that a filter takes: for pages that ' +
        'show a customer his own usage, without a server of yours in between. A client sends it as it ' +
        'would send an API key. It may ask for the lists, nodes, analytics and live tails of its ' +
        'datasets; the server adds the filter to each of them, and answers FORBIDDEN to all other ' +
        'fields. The token works for this project until it expires. It ends within seconds when the ' +
        'API key of the caller is revoked or expires. It is not stored.',
      args: { input: t.arg({ type: createInput(types), required: true, description: 'What it opens.' }) },
      resolve: (_root, { input }, { caller, services }) => {
        const { datasets, filter } = input;
        return services.readTokens.create(caller, {
          datasets,
          filter,
          lifetime: lifetimeOf(input.expiresIn),
        });
      },
    }),
  );
}

/** An explicit null also means the default. */
function lifetimeOf(duration: string | null | undefined): number {
  const lifetime = durationMs(duration ?? DEFAULT_LIFETIME);
  if (lifetime !== null) return lifetime;
  throw new InvalidArgument(
    `"${duration}" is not valid here. Use days or less, such as "PT1H".`,
    'input.expiresIn',
  );
}

function createInput({ builder }: TypeRegistry) {
  return builder.inputType('CreateReadTokenInput', {
    description: 'The read token to make.',
    fields: (t) => ({
      datasets: t.stringList({
        required: true,
        description:
          'The names of the datasets whose rows it opens, for example ["llmCalls", "requestLogs"].',
      }),
      filter: t.field({
        type: 'JSON',
        required: true,
        description:
          'The rows that it opens: an object like the `filter` of the lists of these datasets, for ' +
          'example {"endUser": {"eq": "user-7"}}. Each of the datasets must have the fields that it ' +
          'names. It must not take every row.',
      }),
      expiresIn: t.field({
        type: 'Duration',
        defaultValue: DEFAULT_LIFETIME,
        description: 'How long it works, from one second ("PT1S") to one day ("PT24H").',
      }),
    }),
  });
}

function createPayload({ builder }: TypeRegistry) {
  return builder
    .objectRef<{ readonly text: string; readonly expiresAt: Date; readonly datasets: readonly string[] }>(
      'CreateReadTokenPayload',
    )
    .implement({
      description: 'The read token that was made.',
      fields: (t) => ({
        token: t.exposeString('text', {
          description:
            'The token, to send as "Authorization: Bearer …". Whoever has it can read what it opens.',
        }),
        expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'From when it no longer works.' }),
        datasets: t.stringList({
          description: 'The datasets whose rows it opens.',
          resolve: ({ datasets }) => [...datasets],
        }),
      }),
    });
}
