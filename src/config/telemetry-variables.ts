import { parsed, share, text, wholeNumber } from './kinds.ts';

/** Where the server sends its own traces and metrics. The names are those of OpenTelemetry. */
export const telemetryVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    ...parsed('URL', 'an http: or https: URL without /v1/traces, user and password', readEndpoint),
    fallback: 'nothing is sent',
    description:
      'The collector to which the server sends its own traces and metrics over OTLP/HTTP in JSON, such as ' +
      '`http://127.0.0.1:4318`. The server never sends to itself. See docs/monitoring.md.',
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    ...parsed('headers', 'headers such as authorization=Bearer%20abc,x-team=search', readHeaders),
    secret: true,
    fallback: 'none',
    description: 'Headers of these requests: `name=value`, separated by commas, percent-encoded.',
  },
  OTEL_SERVICE_NAME: {
    ...text('name', 'a text of at most 200 characters', /^.{1,200}$/),
    default: 'telltale',
    description: 'The name of this server in its own telemetry.',
  },
  OTEL_TRACES_SAMPLER_ARG: {
    ...share('share'),
    default: '1',
    description:
      'The share of traces to keep, for traces that begin at this server. If a caller sends ' +
      '`traceparent`, the caller decides.',
  },
  OTEL_METRIC_EXPORT_INTERVAL: {
    ...wholeNumber('milliseconds', 1_000, 86_400_000),
    default: '60000',
    description: 'How often the server sends its metrics.',
  },
} as const;

/** The server's own telemetry. */
export interface TelemetryConfig {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly share: number;
  readonly metricsEveryMs: number;
}

interface Values {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT: string | undefined;
  readonly OTEL_EXPORTER_OTLP_HEADERS: Readonly<Record<string, string>> | undefined;
  readonly OTEL_SERVICE_NAME: string;
  readonly OTEL_TRACES_SAMPLER_ARG: number;
  readonly OTEL_METRIC_EXPORT_INTERVAL: number;
}

/** Null: nothing is sent. */
export function readTelemetryConfig(values: Values): TelemetryConfig | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers = {} } = values;
  if (endpoint === undefined) return null;
  return {
    ...{ endpoint, headers },
    serviceName: values.OTEL_SERVICE_NAME,
    share: values.OTEL_TRACES_SAMPLER_ARG,
    metricsEveryMs: values.OTEL_METRIC_EXPORT_INTERVAL,
  };
}

/** `fetch` accepts no user and no password in a URL, and a path is appended to it. */
function readEndpoint(text: string): string | null {
  if (!/^https?:\/\/[^\s?#]+$/.test(text) || !URL.canParse(text)) return null;
  const { username, password } = new URL(text);
  return username === '' && password === '' ? text : null;
}

/**
 * What a header may contain (RFC 9110, section 5.5). `fetch` rejects anything else, and would quote
 * it in the log.
 */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables
 */
function readHeaders(list: string): Readonly<Record<string, string>> | null {
  const headers: Record<string, string> = {};
  for (const part of list.split(',')) {
    const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    if (name === undefined || value === undefined) return null;
    try {
      headers[name.toLowerCase()] = decodeURIComponent(value);
    } catch {
      // The text has a percent sign that encodes nothing.
      return null;
    }
    if (!HEADER_VALUE.test(headers[name.toLowerCase()] ?? '')) return null;
  }
  return headers;
}
