import type { Dataset } from './core/dataset/dataset.ts';
import { llmCalls } from './domains/llm/llm-calls/definition.ts';
import { techniqueUsages } from './domains/llm/technique-usages/definition.ts';
import { errorLogs } from './domains/traffic/error-logs/definition.ts';
import { requestLogs } from './domains/traffic/request-logs/definition.ts';

/** Every dataset of the server, in the order in which `recordActivity` stores them. */
export const datasets: readonly Dataset[] = [requestLogs, llmCalls, techniqueUsages, errorLogs];
