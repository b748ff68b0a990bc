import { InvalidArgument } from './errors.ts';
import { isUuid, normalizeUuid } from './ids.ts';

/** The parts of a global id. */
export interface GlobalId {
  readonly entity: string;
  /** In canonical lower case. */
  readonly uuid: string;
}

/**
 * Joins `LlmCall` and a UUID to `LlmCall:<uuid>`, which is readable on purpose
 * (docs/decisions/0005).
 */
export function encodeGlobalId(entity: string, uuid: string): string {
  return `${entity}:${uuid}`;
}

/**
 * Splits a global id into its parts. Does not check whether the entity exists.
 *
 * @param entity the type that the error message shows as an example
 * @throws InvalidArgument at `argument` if the text is not a global id.
 */
export function decodeGlobalId(id: string, argument: string, entity = 'LlmCall'): GlobalId {
  const colon = id.indexOf(':');
  const uuid = id.slice(colon + 1);
  if (colon < 1 || !isUuid(uuid)) {
    throw new InvalidArgument(
      `"${id}" is not a valid id: expected a type, a colon and a UUID, such as "${entity}:<uuid>".`,
      argument,
    );
  }
  return { entity: id.slice(0, colon), uuid: normalizeUuid(uuid) };
}

/**
 * The UUID of a global id of that entity, or of a bare UUID.
 *
 * @throws InvalidArgument at `argument` for an id of another entity and for any other text.
 */
export function toUuid(id: string, entity: string, argument: string): string {
  if (isUuid(id)) return normalizeUuid(id);
  const decoded = decodeGlobalId(id, argument, entity);
  if (decoded.entity !== entity) {
    throw new InvalidArgument(`"${id}" is the id of another type, not of ${entity}.`, argument);
  }
  return decoded.uuid;
}
