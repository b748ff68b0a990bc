import {
  type GraphQLArgument,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { datasets } from '../../src/declarations/registry.ts';
import { expectModels } from '../../src/graphql/expect-models.ts';
import { createSchema, printSchemaSDL } from '../../src/schema.ts';

const schema = createSchema();
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

describe('the schema', () => {
  it('describes every type, field, argument and enum value', () => {
    expect(types.length).toBeGreaterThan(50);
    expect(types.flatMap(undescribed)).toEqual([]);
  });

  it('is printed the same each time, sorted, and ends with one newline', () => {
    const printed = printSchemaSDL();
    expect(printed).toBe(printSchemaSDL());
    expect(printed).toMatch(/[^\n]\n$/);
    const names = [...printed.matchAll(/^(?:type|input|enum|scalar|interface) (\w+)/gm)].map(
      ([, name]) => name,
    );
    // Sorted by code units, as graphql-js does: capitals first.
    expect(names).toEqual([...names].sort());
  });

  it('gives each dataset a list, analytics, a record mutation and a live tail', () => {
    const fieldsOf = (type: GraphQLNamedType | null | undefined) =>
      isObjectType(type) ? Object.keys(type.getFields()) : [];
    for (const { name, fields } of datasets) {
      expect(fieldsOf(schema.getQueryType())).toEqual(expect.arrayContaining([name, fields.analytics]));
      expect(fieldsOf(schema.getMutationType())).toContain(fields.record);
      expect(fieldsOf(schema.getSubscriptionType())).toContain(fields.live);
    }
  });

  it('reports that it cannot be built from a declaration without a model', () => {
    expectModels(datasets);
    expect(() => expectModels([...datasets, { name: 'parcels', entity: 'Parcel' }])).toThrow(
      /prisma\/models has no model Parcel, which parcels .*npm run migration:new/,
    );
  });

  it('shows the project only where keys, projects and the database are managed; elsewhere, access decides', () => {
    const shown = types.filter(
      (type) => (isObjectType(type) || isInputObjectType(type)) && 'projectId' in type.getFields(),
    );
    expect(shown.map(({ name }) => name).toSorted()).toEqual([
      'ApiKey',
      'CreateProjectInput',
      'DeleteProjectInput',
      'IntegrityFinding',
      'Project',
      'UpdateProjectInput',
    ]);
  });

  it('accepts from clients only the columns that clients may set', () => {
    const input = schema.getType('LlmCallInput');
    const names = isInputObjectType(input) ? Object.keys(input.getFields()) : [];
    expect(names).toEqual(expect.arrayContaining(['id', 'timestamp', 'provider', 'cost']));
    expect(names).not.toEqual(expect.arrayContaining(['costSource']));
    expect(names).not.toEqual(expect.arrayContaining(['receivedAt']));
    const derived = schema.getType('RequestLogInput');
    expect(isInputObjectType(derived) && 'id' in derived.getFields()).toBe(false);
  });

  it.each([
    ['owner', /\. Null or empty text clears it\.$/],
    ['tags', /\. Null sets the default\.$/],
    ['trustScore', /\. Null sets the default\.$/],
    ['name', /^(?!.*Null)/],
  ])('describes the effect of null on %s of a change', (field, words) => {
    const input = schema.getType('UpdateMetricInput');
    const description = isInputObjectType(input) ? input.getFields()[field]?.description : undefined;
    expect(description).toMatch(words);
  });
});

/** The places where a description is missing below the type. */
function undescribed(type: GraphQLNamedType): string[] {
  const missing = type.description ? [] : [type.name];
  if (isEnumType(type)) {
    return [
      ...missing,
      ...type
        .getValues()
        .filter(isBare)
        .map(({ name }) => `${type.name}.${name}`),
    ];
  }
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return missing;
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const bare = isBare(field) ? [`${type.name}.${field.name}`] : [];
    const args: readonly GraphQLArgument[] = 'args' in field ? field.args : [];
    return [...bare, ...args.filter(isBare).map(({ name }) => `${type.name}.${field.name}(${name})`)];
  });
  return [...missing, ...fields];
}

function isBare({ description }: { readonly description?: string | null | undefined }): boolean {
  return !description?.trim();
}
