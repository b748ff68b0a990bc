import * as z from 'zod';
import { cutText } from '../../core/cut-text.ts';
import { dataOf } from '../answers.ts';
import { ANSWERED_RANGE, type AnsweredRange, RANGE, rangeInput } from '../range.ts';
import { defineTool } from '../tool.ts';

const SEVERITIES = ['WARNING', 'ERROR', 'CRITICAL'] as const;
const MAX_GROUPS = 50;
const MESSAGE_CHARACTERS = 500;
const STACK_CHARACTERS = 1_500;

const DOCUMENT = `query FindErrors(
  $range: TimeRangeInput!, $first: Int!, $errors: ErrorLogFilter, $new: TimeRangeInput
  $calls: LlmCallFilter, $requests: RequestLogFilter, $tools: ToolCallFilter
) {
  errorGroups(range: $range, filter: $errors, firstSeen: $new, first: $first) {
    range { from to }
    groupCount
    groups {
      fingerprint errorType severity count services firstSeen lastSeen
      sample { timestamp service errorMessage stackTrace requestId }
    }
  }
  calls: llmCallAnalytics(range: $range, filter: $calls) {
    groups(first: 5) { dimensions { provider model errorType statusCode } stats { count } }
  }
  requests: requestLogAnalytics(range: $range, filter: $requests) {
    groups(first: 5) { dimensions { service method endpoint statusCode } stats { count } }
  }
  tools: toolCallAnalytics(range: $range, filter: $tools) {
    groups(first: 5) { dimensions { tool mcpServer errorType } stats { count } }
  }
}`;

const GROUP = z.object({
  fingerprint: z.string().describe('Identifies the problem. Filter `errorLogs` by it to see more errors.'),
  errorType: z.string(),
  severity: z.string().describe('The worst severity.'),
  count: z.number(),
  services: z.array(z.string()),
  firstSeen: z.string().describe('Within the range.'),
  lastSeen: z.string(),
  example: z
    .object({
      timestamp: z.string(),
      service: z.string().nullable(),
      message: z.string(),
      stackTrace: z.string().nullable(),
      requestId: z.string().nullable(),
    })
    .nullable()
    .describe('The newest error; null if its row has expired.'),
});

const FAILED = z.object({
  group: z.record(z.string(), z.unknown()),
  count: z.number(),
});

/** `find_errors`: the errors of a range by problem, with an example of each. */
export const findErrors = defineTool({
  name: 'find_errors',
  title: 'Errors by problem',
  description:
    'The errors that services reported in a range, grouped by problem: how often, since when, ' +
    'where, and the newest example with its stack. Also the model calls, the requests and the tool ' +
    'calls of agents that failed most often.',
  input: z.strictObject({
    contains: z.string().optional().describe('Only errors whose message contains this text.'),
    service: z.string().optional().describe('Only errors of this service.'),
    severity: z.enum(SEVERITIES).optional().describe('Only errors of this severity or worse.'),
    newSince: z
      .string()
      .optional()
      .describe('Only problems that did not occur in the range before this: an ISO 8601 duration, "PT1H".'),
    first: z
      .int()
      .min(1)
      .max(MAX_GROUPS)
      .default(10)
      .describe('Maximum number of groups, most frequent first.'),
    ...RANGE,
  }),
  output: z.object({
    range: ANSWERED_RANGE,
    groupCount: z.number().describe('Number of groups, including those that are omitted.'),
    groups: z.array(GROUP),
    failedModelCalls: z.array(FAILED).describe('The five groups with the most failed model calls.'),
    failedRequests: z.array(FAILED).describe('The five groups with the most failed requests.'),
    failedToolCalls: z.array(FAILED).describe('The five groups with the most failed tool calls of agents.'),
  }),
  async run({ contains, service, severity, newSince, first, ...range }, asker) {
    const ofService = service === undefined ? {} : { service: { eq: service } };
    const failed = { success: { eq: false }, ...ofService };
    const found = await dataOf<Found>(asker, {
      query: DOCUMENT,
      variables: {
        range: rangeInput(range),
        first,
        errors: {
          ...ofService,
          ...(contains !== undefined && { errorMessage: { contains } }),
          ...(severity !== undefined && { severity: { in: SEVERITIES.slice(SEVERITIES.indexOf(severity)) } }),
        },
        new: newSince === undefined ? null : { last: newSince },
        calls: failed,
        requests: failed,
        tools: failed,
      },
    });
    const { groups, ...ofAll } = found.errorGroups;
    return {
      structured: {
        ...ofAll,
        groups: groups.map(({ sample, ...group }) => ({ ...group, example: exampleOf(sample) })),
        failedModelCalls: found.calls.groups.map(failedOf),
        failedRequests: found.requests.groups.map(failedOf),
        failedToolCalls: found.tools.groups.map(failedOf),
      },
    };
  },
});

interface Sample {
  readonly timestamp: string;
  readonly service: string | null;
  readonly errorMessage: string;
  readonly stackTrace: string | null;
  readonly requestId: string | null;
}

interface Failed {
  readonly dimensions: Readonly<Record<string, unknown>>;
  readonly stats: { readonly count: number };
}

interface Found {
  readonly errorGroups: {
    readonly range: AnsweredRange;
    readonly groupCount: number;
    readonly groups: readonly (Omit<z.output<typeof GROUP>, 'example'> & {
      readonly sample: Sample | null;
    })[];
  };
  readonly calls: { readonly groups: readonly Failed[] };
  readonly requests: { readonly groups: readonly Failed[] };
  readonly tools: { readonly groups: readonly Failed[] };
}

function exampleOf(sample: Sample | null): z.output<typeof GROUP>['example'] {
  if (sample === null) return null;
  const { errorMessage, stackTrace, ...facts } = sample;
  return {
    ...facts,
    message: cutText(errorMessage, MESSAGE_CHARACTERS),
    stackTrace: stackTrace === null ? null : cutText(stackTrace, STACK_CHARACTERS),
  };
}

const failedOf = ({ dimensions, stats }: Failed): z.output<typeof FAILED> => ({
  group: { ...dimensions },
  count: stats.count,
});
