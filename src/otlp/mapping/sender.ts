import { firstCharacters } from '../../core/cut-text.ts';
import { derivedId, derivedIdAt } from '../../core/ids.ts';
import type { Attributes } from '../protocol/telemetry.ts';
import { asText, firstText } from './attributes.ts';
import type { Sink, TargetName } from './mapped.ts';

/** Facts about the sender of a batch, and what mapping needs for it. */
export interface Sender extends Sink {
  /** `service.name`; empty if there is none. */
  readonly name: string;
  /** What all events of the batch have in common. */
  readonly common: CommonFields;
  /** `agent.id` of the resource, which people set; undefined if there is none. */
  readonly agentId: string | undefined;
  readonly taskId: string | undefined;
  readonly release: string | undefined;
  readonly resource: Attributes;
  /**
   * The id of an event, derived from what identifies it, so that the same event always has the same
   * id. It begins with the time of the event, so that ids of the same time are close together in
   * the index.
   */
  idAt(dataset: TargetName, timeMs: number, key: string): string;
  /** The id of an event that arrives in two ways, at two times. */
  idOf(dataset: TargetName, key: string): string;
}

export interface CommonFields {
  readonly service: string | undefined;
  readonly environment: string | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
}

/** Resource names by which the conventions describe software and machines, not the user's work. */
const CONVENTIONS = new Set(
  (
    'service telemetry host os process container k8s cloud deployment device faas webengine browser android ios ' +
    'aws gcp azure heroku oci user enduser organization session installation agent task app terminal wsl rpc ' +
    'server client network url vcs otel cicd test source code thread openinference langfuse traceloop'
  ).split(' '),
);
/** Tags that have a different name by convention. */
const TAG_NAMES: ReadonlyMap<string, string> = new Map([
  ['team.id', 'team'],
  ['team.name', 'team'],
  ['cost_center', 'costCenter'],
  ['cost.center', 'costCenter'],
  ['vcs.repository.name', 'repo'],
  ['vcs.ref.head.name', 'branch'],
]);
export const MAX_TAGS = 20;
export const LONGEST_TAG_NAME = 100;
export const LONGEST_TAG = 200;

/** The facts of a resource, and the sink for what its items become. */
export function createSender(projectId: string, resource: Attributes, sink: Sink): Sender {
  return {
    ...sink,
    name: firstText(resource, 'service.name') ?? '',
    common: {
      service: firstText(resource, 'service.name'),
      environment: firstText(resource, 'deployment.environment.name', 'deployment.environment'),
      tags: tagsOf(resource),
    },
    agentId: firstText(resource, 'agent.id'),
    taskId: firstText(resource, 'task.id'),
    release: firstText(resource, 'service.version'),
    resource,
    idAt: (dataset, timeMs, key) => derivedIdAt(timeMs, { projectId, dataset, key }),
    idOf: (dataset, key) => derivedId(projectId, dataset, key),
  };
}

/** The attributes of a resource that people choose, such as `team`, `repo` and `branch`. */
function tagsOf(resource: Attributes): CommonFields['tags'] {
  const tags: Record<string, string> = {};
  let count = 0;
  for (const [name, value] of resource) {
    const known = TAG_NAMES.get(name);
    if (name === '' || name.length > LONGEST_TAG_NAME) continue;
    const text = asText(value);
    if (text === undefined || count === MAX_TAGS) continue;
    if (known === undefined && CONVENTIONS.has(name.split('.', 1)[0] ?? '')) continue;
    tags[known ?? name] = firstCharacters(text, LONGEST_TAG);
    count++;
  }
  return count === 0 ? undefined : tags;
}
