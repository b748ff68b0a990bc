import type { Recorder } from './models/call.ts';
import { fieldsOf, listOf, numberOf, startCall, textOf } from './models/call.ts';
import { type Methods, type Observed, observeSdk } from './models/observe-sdk.ts';
import { answerOfChat, tapsOfChat, usageOfChat } from './models/openai-chat.ts';
import { answerOfResponse, tapsOfResponses } from './models/openai-responses.ts';
import { providerAt } from './models/provider.ts';

export interface ObserveOpenAIOptions {
  /** The provider that answers. Default: derived from the base URL of the client. */
  readonly provider?: string | undefined;
  /**
   * Requests the usage of chat completion streams (`stream_options.include_usage`) and hides the
   * additional part from the reader. Turn it off for servers that reject the option. Default: true.
   */
  readonly streamUsage?: boolean | undefined;
}

/**
 * Wraps a client of the `openai` package so that its calls are recorded: `chat.completions`,
 * `responses`, `completions` and `embeddings`, streamed or not, including their helpers (`stream`,
 * `parse`, `runTools`). Prompts and answers are not recorded. A call is recorded when its answer,
 * or the last part of its stream, was read. A call whose body you read yourself (`asResponse`) is
 * not recorded.
 */
export function observeOpenAI<Client extends object>(
  client: Client,
  telltale: Recorder,
  { provider, streamUsage = true }: ObserveOpenAIOptions = {},
): Client {
  return observeSdk(client, (observed) => {
    const by = provider ?? providerAt(fieldsOf(observed)['baseURL'], 'openai');
    return methodsOf(telltale, by, streamUsage);
  });
}

function methodsOf(telltale: Recorder, provider: string, streamUsage: boolean): Methods {
  const begin = (given: unknown, operation: string) => {
    const params = fieldsOf(given);
    return startCall(telltale, {
      provider,
      operation,
      model: textOf(params['model']) ?? 'unknown',
      ...settingsOf(params),
    });
  };
  const chat = (operation: string): Observed => ({
    start(given) {
      const { params, isAdded } = streamUsage
        ? withUsage(fieldsOf(given))
        : { params: given, isAdded: false };
      return { call: begin(given, operation), params, taps: tapsOfChat(isAdded) };
    },
    answer: answerOfChat,
  });
  const responses: Observed = {
    start: (params) => ({ call: begin(params, 'chat'), params, taps: tapsOfResponses() }),
    answer: answerOfResponse,
  };
  const embeddings: Observed = {
    start: (params) => ({ call: begin(params, 'embedding'), params, taps: { see: () => true } }),
    answer: (call, answer) => call.learn(usageOfChat(answer)),
  };
  return {
    'chat.completions.create': chat('chat'),
    'completions.create': chat('completion'),
    'responses.create': responses,
    'embeddings.create': embeddings,
  };
}

function settingsOf(params: Readonly<Record<string, unknown>>) {
  const messages = params['messages'] ?? (Array.isArray(params['input']) ? params['input'] : undefined);
  const maxTokens = params['max_completion_tokens'] ?? params['max_output_tokens'] ?? params['max_tokens'];
  const isChat = messages !== undefined && !listOf(messages).some((message) => typeof message !== 'object');
  return {
    streaming: params['stream'] === true,
    temperature: numberOf(params['temperature']),
    topP: numberOf(params['top_p']),
    maxTokens: numberOf(maxTokens),
    messageCount: isChat ? listOf(messages).length : undefined,
  };
}

/** Requests the usage of a stream, unless the caller has set the option. */
function withUsage(params: Readonly<Record<string, unknown>>) {
  const options = fieldsOf(params['stream_options']);
  if (params['stream'] !== true || options['include_usage'] !== undefined) return { params, isAdded: false };
  return { params: { ...params, stream_options: { ...options, include_usage: true } }, isAdded: true };
}
