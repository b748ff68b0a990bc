import { answerOfGenerate, type PartsReader, readerOfParts } from './models/ai-sdk-parts.ts';
import { fieldsOf, listOf, numberOf, type Recorder, startCall } from './models/call.ts';

/** The part of a wrapped model that a middleware of the AI SDK receives. */
export interface WrappedModel {
  readonly provider: string;
  readonly modelId: string;
}

/** A middleware for `wrapLanguageModel` of the AI SDK. */
export interface TelltaleMiddleware<Version extends string> {
  readonly specificationVersion: Version;
  wrapGenerate<Result>(options: {
    readonly doGenerate: () => PromiseLike<Result>;
    readonly params: object;
    readonly model: WrappedModel;
  }): Promise<Result>;
  wrapStream<Result extends { readonly stream: unknown }>(options: {
    readonly doStream: () => PromiseLike<Result>;
    readonly params: object;
    readonly model: WrappedModel;
  }): Promise<Result>;
}

/**
 * Records the calls of a model of the AI SDK (5 and later), streamed or not. Prompts and answers
 * are not recorded.
 *
 * @param version the version of the SDK's interface: v2 in AI SDK 5, v3 in 6, which 7 takes, too
 */
export function telltaleMiddleware<Version extends string = 'v3'>(
  telltale: Recorder,
  { version = 'v3' as Version }: { readonly version?: Version } = {},
): TelltaleMiddleware<Version> {
  return {
    specificationVersion: version,
    async wrapGenerate({ doGenerate, params, model }) {
      const call = begin(telltale, model, params, false);
      try {
        const result = await doGenerate();
        answerOfGenerate(call, result);
        call.end();
        return result;
      } catch (error) {
        call.fail(error);
        throw error;
      }
    },
    async wrapStream({ doStream, params, model }) {
      const call = begin(telltale, model, params, true);
      try {
        const result = await doStream();
        return { ...result, stream: tapParts(result.stream as Parts, readerOfParts(call)) };
      } catch (error) {
        call.fail(error);
        throw error;
      }
    },
  };
}

function begin(telltale: Recorder, { provider, modelId }: WrappedModel, params: object, streaming: boolean) {
  const { temperature, topP, maxOutputTokens, prompt } = fieldsOf(params);
  return startCall(telltale, {
    // For example "openai.chat": the provider and its API.
    provider: provider.split('.')[0] || provider,
    ...{ model: modelId, operation: 'chat', streaming },
    temperature: numberOf(temperature),
    topP: numberOf(topP),
    maxTokens: numberOf(maxOutputTokens),
    messageCount: listOf(prompt).length,
  });
}

type Parts = ReadableStream<unknown>;

/** Passes the parts on unchanged. The reader sees each part, and how the stream ended. */
function tapParts(stream: Parts, reader: PartsReader): Parts {
  const source = stream.getReader();
  return new ReadableStream<unknown>({
    async pull(controller) {
      try {
        const { done, value } = await source.read();
        if (!done) {
          reader.see(value);
          controller.enqueue(value);
          return;
        }
        reader.end();
        controller.close();
      } catch (error) {
        reader.fail(error);
        controller.error(error);
      }
    },
    async cancel(reason) {
      reader.end();
      await source.cancel(reason);
    },
  });
}
