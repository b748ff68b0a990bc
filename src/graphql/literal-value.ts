import { Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import { hidesDigits } from '../core/exact-json.ts';
import { markInexact } from '../core/inexact-number.ts';

type Variables = Readonly<Record<string, unknown>> | null | undefined;

/**
 * The value of a literal, like `valueFromASTUntyped`, except that it marks the numbers that hide
 * lost digits, as `parseExactJson` does.
 */
export function literalValue(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.LIST: {
      const list = node.values.map((value) => literalValue(value, variables));
      for (const [index, value] of node.values.entries()) mark(list, String(index), value);
      return list;
    }
    case Kind.OBJECT: {
      const { fields } = node;
      const object = Object.fromEntries(
        fields.map(({ name, value }) => [name.value, literalValue(value, variables)]),
      );
      for (const { name, value } of fields) mark(object, name.value, value);
      return object;
    }
    default:
      return valueFromASTUntyped(node, variables);
  }
}

function mark(holder: object, key: string, node: ValueNode): void {
  const isNumber = node.kind === Kind.INT || node.kind === Kind.FLOAT;
  if (isNumber && hidesDigits(node.value)) markInexact(holder, key);
}
