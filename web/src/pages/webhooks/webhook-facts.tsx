import type { OneWebhookQuery } from '../../generated/graphql.ts';
import { Time } from '../../parts/time.tsx';
import { zone } from '../../state/view.ts';
import { toShortDuration } from '../shared/durations.ts';
import { Facts } from '../shared/facts.tsx';
import { labelsInWords } from '../shared/rule-words.ts';

type Webhook = NonNullable<OneWebhookQuery['webhook']>;

export function WebhookFacts({ webhook }: { webhook: Webhook }) {
  const { types, minSeverity, labels, quietFrom, quietUntil, quietTimeZone, groupWait } = webhook;
  return (
    <Facts
      facts={[
        ['Who is notified', webhook.description],
        ['Address', webhook.url],
        ['Kind', webhook.kind.toLowerCase()],
        ['State', webhook.enabled ? 'on' : 'off: nothing is sent'],
        ['Receives', `${minSeverity.toLowerCase()} and worse`],
        ['Types', types.join(', ').toLowerCase()],
        ['Labels', labelsInWords(labels)],
        ['Quiet hours', quietFrom && `${quietFrom} to ${quietUntil}, ${quietTimeZone}`],
        ['Grouped within', groupWait && toShortDuration(groupWait)],
        [
          'Old secret',
          webhook.previousSecretUntil && (
            <>
              also signs until <Time at={webhook.previousSecretUntil} zone={zone.value} show="long" />
            </>
          ),
        ],
      ]}
    />
  );
}
