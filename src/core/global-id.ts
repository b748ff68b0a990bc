import { InvalidArgument } from './errors.ts';
import { isUuid, normalizeUuid } from './ids.ts';

/** What a global id says. */
export interface GlobalId {
  readonly entity: string;
  /** In canonical lower case. */
  readonly uuid: string;
}

/** `LlmCall` and a UUID make `LlmCall:<uuid>`: readable on purpose (docs/decisions/0005). */
export function encodeGlobalId(entity: string, uuid: string): string {
  return `${entity}:${uuid}`;
}

/**
 * The parts of a global id. Whether the entity exists is not decided here.
 *
 * @param entity for the example of the error
 * @throws InvalidArgument naming `argument` when the text is no global id.
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
 * @throws InvalidArgument naming `argument` for another entity's id and for anything else.
 */
export function toUuid(id: string, entity: string, argument: string): string {
  if (isUuid(id)) return normalizeUuid(id);
  const decoded = decodeGlobalId(id, argument, entity);
  if (decoded.entity !== entity) {
    throw new InvalidArgument(`"${id}" is the id of another type, not of ${entity}.`, argument);
  }
  return decoded.uuid;
}
