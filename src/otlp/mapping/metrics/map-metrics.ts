import { type Batch, CUMULATIVE, type DataPoint } from '../../protocol/telemetry.ts';
import { firstText } from '../attributes.ts';
import { agentOf, sessionOf } from '../coding-agents.ts';
import type { Sender } from '../sender.ts';

/** The kind of `agentUsage` that a point measures; null if its value has none. */
type KindOf = (point: DataPoint) => string | null;

const always = (kind: string) => (): string => kind;
/** Reads the kind from an attribute with these values. */
const by =
  (attribute: string, kinds: Readonly<Record<string, string>>): KindOf =>
  (point) => {
    const value = firstText(point.attributes, attribute) ?? '';
    return Object.hasOwn(kinds, value) ? (kinds[value] ?? null) : null;
  };

/** Metrics of what only metrics count. */
const USAGE: ReadonlyMap<string, KindOf> = new Map([
  ['claude_code.session.count', always('SESSIONS')],
  ['claude_code.lines_of_code.count', by('type', { added: 'LINES_ADDED', removed: 'LINES_REMOVED' })],
  ['claude_code.commit.count', always('COMMITS')],
  ['claude_code.pull_request.count', always('PULL_REQUESTS')],
  ['claude_code.active_time.total', always('ACTIVE_SECONDS')],
  [
    'claude_code.code_edit_tool.decision',
    by('decision', { accept: 'EDITS_ACCEPTED', reject: 'EDITS_REJECTED' }),
  ],
  ['gemini_cli.session.count', always('SESSIONS')],
  ['gemini_cli.lines.changed', by('type', { added: 'LINES_ADDED', removed: 'LINES_REMOVED' })],
]);
/** Metrics of tokens, costs, calls and tools, which events and spans count as well. */
const COUNTED_ELSEWHERE =
  /^(?:claude_code\.(?:cost|token)\.usage$|gemini_cli\.(?:token|tool|api|chat_compression|agent)\b|codex\.|gen_ai\.|llm\.|http\.server\.)/;

/** What a sender with cumulative sums should do. */
export const NEEDS_DELTA =
  'The metrics are cumulative, so totals cannot be distinguished from new measurements. Set ' +
  'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=delta for the sender. None of them were ' +
  'stored.';

export interface MetricMapping {
  readonly sender: Sender;
  /** Called before each point. */
  readonly next: () => void;
}

/** Adds the events for the points of a batch. */
export function mapMetrics(
  { items }: Pick<Batch<DataPoint>, 'items'>,
  { sender, next }: MetricMapping,
): void {
  for (const point of items) {
    next();
    const kind = USAGE.get(point.metric)?.(point);
    if (kind == null) {
      sender.ignore(
        COUNTED_ELSEWHERE.test(point.metric) ? 'COUNTED_ELSEWHERE' : 'OTHER_METRIC',
        point.metric,
      );
    } else if (point.temporality === CUMULATIVE) sender.reject(NEEDS_DELTA);
    else if (point.value <= 0) sender.ignore('NOTHING', point.metric);
    else addPoint(point, kind, sender);
  }
}

function addPoint(point: DataPoint, kind: string, sender: Sender): void {
  const { attributes, metric, startMs, timeMs, value } = point;
  const key = JSON.stringify([sender.name, metric, [...attributes], startMs, timeMs]);
  const type = firstText(attributes, 'type');
  sender.add('agentUsage', {
    ...sender.common,
    id: sender.idAt('agentUsage', timeMs, key),
    timestamp: new Date(timeMs),
    agentId: agentOf(attributes, sender),
    sessionId: sessionOf(attributes),
    kind,
    amount: value,
    // Whether the person or the agent was active.
    attributes: kind === 'ACTIVE_SECONDS' && type !== undefined ? { type } : undefined,
  });
}
