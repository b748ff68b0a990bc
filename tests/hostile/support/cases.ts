import { coerceInputValue, type GraphQLInputType, type GraphQLSchema, getNamedType } from 'graphql';
import { badValues, type Foreign, isCursor, type Named } from './bad-values.ts';
import { argumentWith, type Known } from './good-values.ts';
import { type Location, locationsOf, type Spot, spotsOf } from './locations.ts';
import { toJson } from './scalar-values.ts';

/** One bad value at one spot of one field. */
export interface Case {
  readonly location: Location;
  readonly argument: string;
  /** The whole argument, which contains the value. */
  readonly value: unknown;
  /** The location, the spot and the value, for people. */
  readonly name: string;
  /**
   * Whether graphql-js rejects the value before any resolver runs, so that it reaches no database.
   */
  readonly refused: boolean;
  readonly bytes: number;
}

export interface CaseOptions {
  readonly schema: GraphQLSchema;
  readonly known: Known;
  readonly foreign: Foreign;
  /** Another seed chooses other values. */
  readonly seed: number;
  /** The number of values for a spot where it occurs first. */
  readonly each: number;
  /** One of this many spots gets a value again. */
  readonly again: number;
}

/** A larger value is sent only where its spot occurs first. */
const LARGE = 2_000;

/**
 * The cases for all arguments of all fields of a schema. A spot that occurs for the first time gets
 * `each` of the bad values of its type, in rotation. Where it occurs again, as the operators of
 * filters do, one of `again` gets a value.
 */
export function casesOf({ schema, known, foreign, seed, each, again }: CaseOptions): Case[] {
  const valuesFor = rememberValues(foreign);
  const met = new Set<string>();
  const turns = new Map<string, number>();
  let passed = seed;
  return locationsOf(schema).flatMap((location) =>
    spotsOf(location).flatMap((spot) => {
      const { all, small } = valuesFor(spot.type, spot.path.at(-1) ?? spot.argument.name);
      const isNew = !met.has(spot.name);
      met.add(spot.name);
      passed += isNew ? 0 : 1;
      if (!isNew && passed % again > 0) return [];
      const values = isNew ? all : small;
      const count = Math.min(isNew ? each : 1, values.length);
      const turn = turns.get(String(spot.type)) ?? seed;
      turns.set(String(spot.type), turn + count);
      return Array.from({ length: count }, (_, index) =>
        caseOf(spot, values[(turn + index) % values.length] as Named, known),
      );
    }),
  );
}

/** Creates the values of each type once, because some have megabytes. */
function rememberValues(foreign: Foreign) {
  const made = new Map<string, { readonly all: readonly Named[]; readonly small: readonly Named[] }>();
  return (type: GraphQLInputType, name: string) => {
    const key = `${type} ${isCursor(name)}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const all = badValues(type, name, foreign);
    const values = { all, small: all.filter(([, value]) => (toJson(value)?.length ?? 0) < LARGE) };
    made.set(key, values);
    return values;
  };
}

function caseOf(spot: Spot, [what, bad]: Named, known: Known): Case {
  const { location, argument, path } = spot;
  const value = argumentWith(spot, bad, known);
  const json = toJson(value);
  return {
    location,
    argument: argument.name,
    value,
    name: `${location.name}(${[argument.name, ...path].join('.')}) given ${what}`,
    refused: isRefused(spot, json),
    bytes: json.length,
  };
}

function isRefused({ argument: { type } }: Spot, json: string): boolean {
  // The value as the server reads it.
  const value = JSON.parse(json);
  // The resolver receives events as the client sent them.
  if (getNamedType(type).extensions['telltaleIngest'] === true)
    return value === null || typeof value !== 'object';
  try {
    coerceInputValue(value, type);
    return false;
  } catch {
    return true;
  }
}
