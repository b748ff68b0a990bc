import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import { nullable, type Spot } from './locations.ts';

/** Values in the database of the tests, by the name of an argument or member. */
export type Known = Readonly<Record<string, unknown>>;

const SCALARS: Readonly<Record<string, unknown>> = {
  String: 'a',
  ID: 'LlmCall:00000000-0000-7000-8000-000000000001',
  UUID: '00000000-0000-7000-8000-000000000001',
  Int: 1,
  SafeInt: 1,
  Float: 1,
  Boolean: true,
  DateTime: '2026-11-20T00:00:00Z',
  Duration: 'PT1H',
  TimeZone: 'Asia/Kolkata',
  AttributePath: 'region',
  JSON: {},
  Tags: { team: 'search' },
};

/** Values that the type alone does not determine: milliseconds after `from`. */
const BY_NAME: Readonly<Record<string, unknown>> = { 'to: Float': 2 };

const FROM = '2026-11-15T00:00:00Z';
const TO = '2026-11-22T00:00:00Z';

/**
 * Members that the server requires, but not the schema: by input type, and by the member under test
 * (`else`: for any other).
 */
const COMPANIONS: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  TimeRangeInput: {
    from: { to: TO },
    to: { from: FROM },
    last: {},
    calendar: {},
    timeZone: { calendar: 'THIS_MONTH' },
    else: { last: 'P7D' },
  },
  CreateAlertRuleInput: { else: { dataset: 'llmCalls', warning: 1 } },
  PreviewAlertRuleInput: { else: { dataset: 'llmCalls', warning: 1 } },
  CreateWebhookInput: {
    quietFrom: { quietUntil: '07:00' },
    quietUntil: { quietFrom: '22:00' },
    quietTimeZone: { quietFrom: '22:00', quietUntil: '07:00' },
    else: {},
  },
  UpdateWebhookInput: {
    quietFrom: { quietUntil: '07:00' },
    quietUntil: { quietFrom: '22:00' },
    quietTimeZone: { quietFrom: '22:00', quietUntil: '07:00' },
    else: {},
  },
};

/** A value that the server accepts. */
export function goodValue(type: GraphQLInputType, name: string, known: Known): unknown {
  if (isNonNullType(type)) return goodValue(type.ofType, name, known);
  if (name in known) return known[name];
  if (isListType(type)) return [goodValue(type.ofType, name, known)];
  if (isInputObjectType(type)) return goodMembers(type, 'else', known);
  return isEnumType(type)
    ? type.getValues()[0]?.name
    : (BY_NAME[`${name}: ${type}`] ?? SCALARS[String(type)]);
}

function goodMembers(type: GraphQLInputObjectType, tested: string, known: Known): object {
  const members = Object.values(type.getFields());
  const first = tested === 'else' ? members.slice(0, 1) : [];
  const required = type.isOneOf ? first : members.filter(isRequiredInputField);
  const companions = COMPANIONS[type.name];
  return {
    ...Object.fromEntries(
      required.map((member) => [member.name, goodValue(member.type, member.name, known)]),
    ),
    ...(companions?.[tested] ?? companions?.['else']),
  };
}

/** The argument of a spot: it is good, except for the value at the spot. */
export function argumentWith({ argument, path }: Spot, value: unknown, known: Known): unknown {
  return withValue(argument.type, path, value, known);
}

function withValue(
  type: GraphQLInputType,
  [member, ...rest]: readonly string[],
  value: unknown,
  known: Known,
): unknown {
  if (member === undefined) return value;
  const inner = nullable(type);
  if (isListType(inner)) return [withValue(inner.ofType, [member, ...rest], value, known)];
  if (!isInputObjectType(inner)) throw new Error(`${String(type)} has no member ${member}`);
  const { type: memberType } = inner.getFields()[member] as { type: GraphQLInputType };
  return { ...goodMembers(inner, member, known), [member]: withValue(memberType, rest, value, known) };
}
