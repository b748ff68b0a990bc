import { Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import { readNumber } from '../core/exact-json.ts';

type Variables = Readonly<Record<string, unknown>> | null | undefined;

/**
 * The value of a literal, like `valueFromASTUntyped`, except that `readNumber` reads numbers as in
 * JSON.
 */
export function literalValue(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return readNumber(node.value);
    case Kind.LIST:
      return node.values.map((value) => literalValue(value, variables));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map(({ name, value }) => [name.value, literalValue(value, variables)]),
      );
    default:
      return valueFromASTUntyped(node, variables);
  }
}
