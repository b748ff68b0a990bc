import { parseExactJson } from '../../../core/exact-json.ts';
import { isObject } from '../../../core/is-object.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import { ConversionError, convertValue, exactValue } from '../convert.ts';
import { simplified } from '../events.ts';

/** How to read the export of another program: each row is a call to a model, or is left out. */
export interface Preset {
  readonly name: string;
  /** Fields that every row must have. A file without one of them is of another kind. */
  readonly needs: readonly string[];
  /** Why rows are left out, as words that follow their number. */
  readonly leftOut: string;
  /** Columns that `read` fills, at least in some rows. */
  readonly columns: readonly string[];
  /** A row as values of our columns. Null if it is left out. */
  read(row: PresetRow): Readonly<Record<string, unknown>> | null;
  /** The fields that distinguish one row from all others. The ids derive from them. */
  identify(row: PresetRow): readonly unknown[];
}

/** The fields of a row by name, in any spelling: `startTime` is `start_time`. */
export interface PresetRow {
  /** Undefined if the field is missing or empty. */
  get(...names: readonly string[]): unknown;
  /** Undefined if it is not a number. */
  number(...names: readonly string[]): number | undefined;
  text(...names: readonly string[]): string | undefined;
  /** A nested object, which a CSV has as JSON text. Empty if there is none. */
  object(name: string): Readonly<Record<string, unknown>>;
  /**
   * Epoch milliseconds.
   *
   * @throws ConversionError if it is not a time
   */
  time(name: string): number | undefined;
  /** These fields as attributes, without empty ones; undefined if all are empty. */
  attributes(...names: readonly string[]): Readonly<Record<string, unknown>> | undefined;
}

const timestamp = llmCalls.columns.find(({ name }) => name === llmCalls.timeColumn);

export function presetRow(values: Readonly<Record<string, unknown>>, timeZone: string): PresetRow {
  const fields = new Map(Object.entries(values).map(([name, value]) => [simplified(name), value]));
  const get = (...names: readonly string[]) => {
    for (const name of names) {
      const value = fields.get(simplified(name));
      if (value !== undefined && value !== null && value !== '') return value;
    }
    return undefined;
  };
  return {
    get,
    number(...names) {
      const value = get(...names);
      const number = typeof value === 'string' ? Number(value) : value;
      return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
    },
    text(...names) {
      const value = get(...names);
      return value === undefined ? undefined : String(exactValue(value));
    },
    object: (name) => toObject(name, get(name)),
    time(name) {
      const value = get(name);
      if (value === undefined || timestamp === undefined) return undefined;
      try {
        return Date.parse(String(convertValue(timestamp, value, timeZone)));
      } catch (error) {
        if (!(error instanceof ConversionError)) throw error;
        throw new ConversionError(`${name}: ${error.message}`);
      }
    },
    attributes(...names) {
      const found = names
        .map((name) => [name, get(name)] as const)
        .filter(([, value]) => value !== undefined);
      return found.length === 0 ? undefined : exactValue(Object.fromEntries(found));
    },
  };
}

/** @throws ConversionError for text that is not JSON, and for numbers that cannot be kept */
export function toObject(name: string, value: unknown): Readonly<Record<string, unknown>> {
  const object = typeof value === 'string' ? parse(name, value) : value;
  return isObject(object) ? exactValue(object) : {};
}

function parse(name: string, text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    throw new ConversionError(`${name}: ${JSON.stringify(text.slice(0, 40))} is not JSON`);
  }
}

/**
 * Milliseconds between two times; undefined if one is unknown, or if they are in the wrong order.
 */
export function between(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined || to < from ? undefined : to - from;
}

/** A cost. Programs that do not know it write 0: then it is computed, or stays unknown. */
export const knownCost = (cost: number | undefined): number | undefined => cost || undefined;
