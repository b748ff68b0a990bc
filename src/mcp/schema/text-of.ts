import {
  astFromValue,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  print,
} from 'graphql';

/** The first sentence of a description, for a line of a list. */
export function firstSentence(description: string | null | undefined): string {
  const [paragraph = ''] = (description ?? '').trim().split(/\n\s*\n/);
  const [sentence = ''] = paragraph.replace(/\s+/g, ' ').split(/(?<=[.!?]) (?=[A-Z`])/);
  return sentence;
}

/** `name(argument: Type = default): Type` */
export function signatureOf({ name, args, type }: GraphQLField<unknown, unknown>): string {
  return `${name}${args.length === 0 ? '' : `(${args.map(argumentOf).join(', ')})`}: ${String(type)}`;
}

function argumentOf({ name, type, defaultValue }: GraphQLArgument | GraphQLInputField): string {
  const text = `${name}: ${String(type)}`;
  const value = astFromValue(defaultValue, type);
  return value == null ? text : `${text} = ${print(value)}`;
}

const withText = (code: string, description: string | null | undefined): string => {
  const text = firstSentence(description);
  return text === '' ? `  ${code}` : `  ${code}  # ${text}`;
};

/** A type in the schema language, with one line and one sentence for each of its parts. */
export function typeText(type: GraphQLNamedType): string {
  const head = firstSentence(type.description);
  const comment = head === '' ? '' : `# ${head}\n`;
  return `${comment}${declaration(type)}`;
}

function declaration(type: GraphQLNamedType): string {
  if (isObjectType(type) || isInterfaceType(type)) {
    const kind = isObjectType(type) ? 'type' : 'interface';
    return block(
      `${kind} ${type.name}`,
      Object.values(type.getFields()).map((field) => withText(signatureOf(field), field.description)),
    );
  }
  if (isInputObjectType(type)) {
    return block(
      `input ${type.name}${type.isOneOf ? ' @oneOf' : ''}`,
      Object.values(type.getFields()).map((field) => withText(argumentOf(field), field.description)),
    );
  }
  if (isEnumType(type)) {
    return block(
      `enum ${type.name}`,
      type.getValues().map(({ name, description }) => withText(name, description)),
    );
  }
  if (isUnionType(type)) return `union ${type.name} = ${type.getTypes().join(' | ')}`;
  return `scalar ${type.name}`;
}

const block = (head: string, lines: readonly string[]): string => `${head} {\n${lines.join('\n')}\n}`;

/** A field of `Query` with its whole description. */
export function fieldText(field: GraphQLField<unknown, unknown>): string {
  const args = field.args.map((argument) => withText(argumentOf(argument), argument.description));
  const described = args.length === 0 ? field.name : `${field.name}(\n${args.join('\n')}\n)`;
  return `# ${(field.description ?? '').trim()}\n${described}: ${String(field.type)}`;
}
