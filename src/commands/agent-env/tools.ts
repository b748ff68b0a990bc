/** Where a tool sends to, and the headers that identify the sender. */
export interface Receiver {
  /** Without `/v1/traces`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a tool needs: variables of a shell, or something that somebody has to do. */
export interface ToolNeeds {
  readonly variables: Readonly<Record<string, string>>;
  /** Tells the user what no variable can set. */
  readonly note?: string;
}

/** The coding agents that can send telemetry themselves. */
export type Tool = 'claude' | 'codex' | 'gemini';

/** Everything that a tool needs to send events and metrics, but no prompts. See docs/otlp.md. */
export const TOOLS: Readonly<Record<Tool, (receiver: Receiver) => ToolNeeds>> = {
  claude: (receiver) => ({
    variables: {
      CLAUDE_CODE_ENABLE_TELEMETRY: '1',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      ...standardVariables(receiver),
    },
  }),
  gemini: (receiver) => ({
    variables: {
      GEMINI_TELEMETRY_ENABLED: 'true',
      GEMINI_TELEMETRY_TARGET: 'local',
      GEMINI_TELEMETRY_OTLP_PROTOCOL: 'http',
      GEMINI_TELEMETRY_OTLP_ENDPOINT: receiver.url,
      GEMINI_TELEMETRY_LOG_PROMPTS: 'false',
      ...standardVariables(receiver),
    },
  }),
  // Codex reads no exporter variables. Arguments would show the key to everyone who can list
  // processes.
  codex: ({ url, headers }) => ({
    variables: {},
    note: [
      'Codex does not read such variables. Put these lines into ~/.codex/config.toml, which only ' +
        'you should be able to read:',
      '',
      '[otel]',
      `exporter = ${codexExporter(url, headers)}`,
      'log_user_prompt = false',
      '',
    ].join('\n'),
  }),
};

const standardVariables = ({ url, headers }: Receiver): Record<string, string> => {
  const pairs = Object.entries(headers).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return {
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
    ...(pairs.length > 0 && { OTEL_EXPORTER_OTLP_HEADERS: pairs.join(',') }),
  };
};

/**
 * An inline table of TOML, on one line as TOML requires. Its strings are written like those of
 * JSON.
 */
function codexExporter(url: string, headers: Receiver['headers']): string {
  const pairs = Object.entries(headers).map(
    ([name, value]) => `${JSON.stringify(name)} = ${JSON.stringify(value)}`,
  );
  const endpoint = JSON.stringify(`${url}/v1/logs`);
  return `{ otlp-http = { endpoint = ${endpoint}, protocol = "binary", headers = { ${pairs.join(', ')} } } }`;
}

/** A word quoted so that a shell takes it literally. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
