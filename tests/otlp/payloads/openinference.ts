import { type Payload, traces } from '../support/telemetry.ts';

/** Names according to openinference-semantic-conventions of Arize-ai/openinference. */
export const openInference: Payload = {
  traces: traces(
    { 'service.name': 'rag', 'openinference.project.name': 'docs' },
    'openinference.instrumentation.openai',
    [
      {
        name: 'ChatCompletion',
        ...{ id: 3, parent: 1, at: [500, 1500] },
        attributes: {
          'openinference.span.kind': 'LLM',
          'llm.system': 'openai',
          'llm.provider': 'azure',
          'llm.model_name': 'gpt-4o',
          'llm.token_count.prompt': 800,
          'llm.token_count.prompt_details.cache_read': 300,
          'llm.token_count.completion': 90,
          'llm.token_count.completion_details.reasoning': 30,
          'llm.token_count.total': 890,
          'llm.cost.total': 0.0042,
          'session.id': 'session-3',
          'user.id': 'user-3',
        },
      },
      {
        name: 'OpenAIEmbeddings',
        ...{ id: 2, parent: 1, at: [100, 200] },
        attributes: {
          'openinference.span.kind': 'EMBEDDING',
          'llm.system': 'openai',
          'embedding.model_name': 'text-embedding-3-small',
          'llm.token_count.prompt': 50,
        },
      },
      {
        name: 'search_docs',
        ...{ id: 4, parent: 1, at: [210, 400] },
        attributes: { 'openinference.span.kind': 'TOOL', 'tool.name': 'search_docs' },
      },
      {
        name: 'retriever',
        ...{ id: 5, parent: 1, at: [400, 450] },
        attributes: { 'openinference.span.kind': 'RETRIEVER' },
      },
      { name: 'chain', id: 1, at: [0, 1600], attributes: { 'openinference.span.kind': 'CHAIN' } },
    ],
  ),
};
