import type { QuotaName, Quotas } from '../../../core/quotas.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { DEFAULT_QUOTAS, QUOTAS, type Subject, variableOf } from '../api-keys/quota-words.ts';

/** Adds `defaultQuotas`. */
export function addDefaultQuotas(types: TypeRegistry): void {
  const { builder } = types;
  const type = builder
    .objectRef<{ readonly key: Quotas; readonly address: Quotas }>('DefaultQuotas')
    .implement({
      description:
        'The quotas that the operator gives every API key without one of its own, and every address.',
      fields: (t) => ({
        key: t.field({
          type: quotasOf(types, 'KEY'),
          description: 'Of each API key, unless it has a quota of its own.',
          resolve: ({ key }) => key,
        }),
        address: t.field({
          type: quotasOf(types, 'ADDRESS'),
          description:
            'Of each IP address, whatever its keys: they count beside the quotas of the keys. An IPv6 network of 64 ' +
            'bits counts as one address.',
          resolve: ({ address }) => address,
        }),
      }),
    });
  builder.queryField('defaultQuotas', (t) =>
    t.field({
      authScopes: { admin: true },
      type,
      description: `${DEFAULT_QUOTAS} Example: \`{ defaultQuotas { key { eventsPerMinute } address { eventsPerMinute } } }\`.`,
      resolve: (_root, _args, { services }) => services.config.quotas,
    }),
  );
}

function quotasOf({ builder }: TypeRegistry, subject: Subject) {
  const [name, whose] = subject === 'KEY' ? ['KeyQuotas', 'each API key'] : ['AddressQuotas', 'each address'];
  const quota = (quotaName: QuotaName) =>
    ({
      nullable: true,
      description: `${QUOTAS[quotaName]} Null: no quota; \`${variableOf(subject, quotaName)}\` is not set.`,
    }) as const;
  return builder.objectRef<Quotas>(name).implement({
    description: `What ${whose} may use by default.`,
    fields: (t) => ({
      eventsPerMinute: t.exposeInt('eventsPerMinute', quota('eventsPerMinute')),
      eventsPerDay: t.exposeInt('eventsPerDay', quota('eventsPerDay')),
      queryCostPerMinute: t.exposeInt('queryCostPerMinute', quota('queryCostPerMinute')),
    }),
  });
}
