import { SIGNING_SECRET } from '../../../alerting/delivery/channels/credentials.ts';
import type { InputBuilder } from '../../../graphql/builder.ts';

/** A secret that the client chooses. */
export function secretInput(t: InputBuilder) {
  return {
    secret: t.string({
      description:
        `WEBHOOK: the key that signs the messages; ${SIGNING_SECRET}. Default: a new one. ` +
        'PAGERDUTY: the integration key, which is required. SLACK, DISCORD and EMAIL: none. For ' +
        'SLACK and DISCORD, `url` is the secret.',
    }),
  };
}
