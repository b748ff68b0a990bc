import {
  type GraphQLArgument,
  type GraphQLOutputType,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import type { Case } from './cases.ts';
import { goodValue, type Known } from './good-values.ts';
import type { Field } from './locations.ts';

export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The depth to which objects are selected below the field of a case. */
const LEVELS = 2;
const LEAVES = 5;

/**
 * One operation with a field per case. The case with index 3 has the alias `a3` and the variable
 * `$v3`.
 */
export function operationOf(cases: readonly Case[], known: Known): Operation {
  const variables: Record<string, unknown> = {};
  const definitions: string[] = [];
  const define = (name: string, arg: GraphQLArgument, value: unknown) => {
    definitions.push(`$${name}: ${String(arg.type)}`);
    variables[name] = value;
    return `${arg.name}: $${name}`;
  };
  const fields = cases.map(({ location: { fields }, argument, value }, index) => {
    const argumentsOf = (field: Field, level: number) =>
      field.args.flatMap((arg) => {
        if (level === fields.length - 1) {
          if (arg.name === argument) return [define(`v${index}`, arg, value)];
        } else if (arg.name === 'first') return ['first: 1'];
        if (!isRequiredArgument(arg)) return [];
        return [define(`v${index}_${level}_${arg.name}`, arg, goodValue(arg.type, arg.name, known))];
      });
    return `a${index}: ${fields.reduceRight(
      (inside, field, level) => {
        const given = argumentsOf(field, level).join(', ');
        const text = `${field.name}${given && `(${given})`} ${inside}`;
        return level === 0 ? text : `{ ${text} }`;
      },
      selectionOf((fields.at(-1) as Field).type, LEVELS),
    )}`;
  });
  const kind = cases[0]?.location.kind ?? 'query';
  return { query: `${kind} (${definitions.join(', ')}) { ${fields.join(' ')} }`, variables };
}

/** The selection for a type: leaves, and objects without arguments to some depth. */
function selectionOf(type: GraphQLOutputType, levels: number): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named)) return '{ __typename }';
  const plain = Object.values(named.getFields()).filter(({ args }) => args.length === 0);
  const isLeaf = ({ type: own }: Field) => isLeafType(getNamedType(own));
  const objects = levels === 1 ? [] : plain.filter((field) => !isLeaf(field));
  const selected = [...plain.filter(isLeaf).slice(0, LEAVES), ...objects];
  const texts = selected.map((field) => `${field.name} ${selectionOf(field.type, levels - 1)}`);
  return `{ ${['__typename', ...texts].join(' ')} }`;
}
