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
        'Creates a short-lived token that can only read, and only the rows that match a filter. ' +
        'Use it for pages that show customers their own usage without a server of yours in ' +
        'between. A client sends it like an API key. It gives access to the lists, nodes, ' +
        'analytics and live tails of its datasets; the server adds the filter to each of them, and ' +
        'answers all other fields with FORBIDDEN. The token works for this project until it ' +
        'expires. It stops working within seconds when the caller’s API key is revoked or expires. ' +
        'The token is not stored.',
      args: {
        input: t.arg({
          type: createInput(types),
          required: true,
          description: 'The rows that the token can read, and for how long.',
        }),
      },
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
    description: 'The read token to create.',
    fields: (t) => ({
      datasets: t.stringList({
        required: true,
        description:
          'The names of the datasets that the token can read, for example ["llmCalls", "requestLogs"].',
      }),
      filter: t.field({
        type: 'JSON',
        required: true,
        description:
          'The rows that the token can read: an object like the `filter` of the lists of these ' +
          'datasets, for example {"endUser": {"eq": "user-7"}}. Every dataset must have the fields ' +
          'that the filter names. The filter must not match every row.',
      }),
      expiresIn: t.field({
        type: 'Duration',
        defaultValue: DEFAULT_LIFETIME,
        description: 'How long the token works, from one second ("PT1S") to one day ("PT24H").',
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
      description: 'The read token that was created.',
      fields: (t) => ({
        token: t.exposeString('text', {
          description:
            'The token, to send as "Authorization: Bearer …". Anyone who has it can read those rows.',
        }),
        expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the token stops working.' }),
        datasets: t.stringList({
          description: 'The datasets that the token can read.',
          resolve: ({ datasets }) => [...datasets],
        }),
      }),
    });
}
