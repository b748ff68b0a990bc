import { answerOfMessage, tapsOfMessages } from './models/anthropic-messages.ts';
import { fieldsOf, listOf, numberOf, type Recorder, startCall, textOf } from './models/call.ts';
import { type Observed, observeSdk } from './models/observe-sdk.ts';
import { providerAt } from './models/provider.ts';

export interface ObserveAnthropicOptions {
  /** The provider that answers. Default: derived from the base URL of the client. */
  readonly provider?: string | undefined;
}

/**
 * Wraps a client of the `@anthropic-ai/sdk` package so that its calls of `messages` and
 * `beta.messages` are recorded, streamed or not, including their helpers (`stream`, `parse`).
 * Prompts and answers are not recorded. A call is recorded when its answer, or the last part of its
 * stream, was read. A call whose body you read yourself (`asResponse`) is not recorded.
 */
export function observeAnthropic<Client extends object>(
  client: Client,
  telltale: Recorder,
  { provider }: ObserveAnthropicOptions = {},
): Client {
  return observeSdk(client, (observed) => {
    const by = provider ?? providerAt(fieldsOf(observed)['baseURL'], 'anthropic');
    const messages: Observed = {
      start: (given) => ({ call: begin(telltale, by, given), params: given, taps: tapsOfMessages() }),
      answer: answerOfMessage,
    };
    return { 'messages.create': messages, 'beta.messages.create': messages };
  });
}

function begin(telltale: Recorder, provider: string, given: unknown) {
  const params = fieldsOf(given);
  return startCall(telltale, {
    ...{ provider, operation: 'chat', model: textOf(params['model']) ?? 'unknown' },
    streaming: params['stream'] === true,
    temperature: numberOf(params['temperature']),
    topP: numberOf(params['top_p']),
    maxTokens: numberOf(params['max_tokens']),
    messageCount: listOf(params['messages']).length,
  });
}
