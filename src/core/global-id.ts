import { InvalidArgument } from './errors.ts';
import { isUuid, normalizeUuid } from './ids.ts';

/** The parts of a global id. Whether the entity exists has not been checked. */
export interface GlobalId {
  readonly entity: string;
  /** As written, in any case. */
  readonly uuid: string;
}

/**
 * Joins `LlmCall` and a UUID to `LlmCall:<uuid>`, which is readable on purpose
 * (docs/decisions/0005).
 */
export function encodeGlobalId(entity: string, uuid: string): string {
  return `${entity}:${uuid}`;
}

/** Splits a global id into its parts; null if the text is not one. */
export function parseGlobalId(text: string): GlobalId | null {
  const colon = text.indexOf(':');
  const uuid = text.slice(colon + 1);
  return colon < 1 || !isUuid(uuid) ? null : { entity: text.slice(0, colon), uuid };
}

/** The error for a text that is not a global id. `entity` is for its example. */
export function invalidGlobalId(text: string, argument: string, entity = 'LlmCall'): InvalidArgument {
  return new InvalidArgument(
    `"${text}" is not a valid id: expected a type, a colon and a UUID, such as "${entity}:<uuid>".`,
    argument,
  );
}

/**
 * The UUID of a global id of that entity, or of a bare UUID.
 *
 * @throws InvalidArgument at `argument` for an id of another entity and for any other text.
 */
export function toUuid(id: string, entity: string, argument: string): string {
  if (isUuid(id)) return normalizeUuid(id);
  const parsed = parseGlobalId(id);
  if (parsed === null) throw invalidGlobalId(id, argument, entity);
  if (parsed.entity !== entity) {
    throw new InvalidArgument(`"${id}" is the id of another type, not of ${entity}.`, argument);
  }
  return normalizeUuid(parsed.uuid);
}
