import type { CodegenConfig } from '@graphql-codegen/cli';

// Types for the documents that the tests write as graphql(`…`). Fails when one of them does not fit
// schema.graphql.
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['tests/**/*.ts', '!tests/generated/**'],
  ignoreNoDocuments: true,
  importExtension: '.ts',
  generates: {
    'tests/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, gqlTagName: 'graphql' },
      config: {
        documentMode: 'string',
        enumType: 'string-literal',
        useTypeImports: true,
        strictScalars: true,
        defaultScalarType: 'unknown',
        scalars: {
          ID: 'string',
          DateTime: 'string',
          Duration: 'string',
          JSON: 'unknown',
          SafeInt: 'number',
          TimeZone: 'string',
          UUID: 'string',
        },
      },
    },
  },
};

export default config;
