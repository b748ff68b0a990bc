import type { CodegenConfig } from '@graphql-codegen/cli';

// Types for documents that are written as graphql(`…`). Fails when one of them does not fit
// schema.graphql. By default these are the documents of the tests.
//
// `npm run codegen -- --documents=<glob> --output=<folder>/` takes those of a client project. It also
// writes the manifest of trusted documents, `persisted-documents.json`.
const { CODEGEN_DOCUMENTS, CODEGEN_OUTPUT } = process.env;

const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: CODEGEN_DOCUMENTS ?? ['tests/**/*.ts', '!tests/generated/**'],
  ignoreNoDocuments: CODEGEN_DOCUMENTS === undefined,
  importExtension: '.ts',
  generates: {
    [CODEGEN_OUTPUT ?? 'tests/generated/']: {
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        gqlTagName: 'graphql',
        persistedDocuments: CODEGEN_OUTPUT !== undefined,
      },
      config: {
        documentMode: 'string',
        enumType: 'string-literal',
        useTypeImports: true,
        strictScalars: true,
        defaultScalarType: 'unknown',
        scalars: {
          AttributePath: 'string',
          ID: 'string',
          DateTime: 'string',
          Duration: 'string',
          JSON: 'unknown',
          SafeInt: 'number',
          Tags: 'Record<string, string>',
          TimeZone: 'string',
          UUID: 'string',
        },
      },
    },
  },
};

export default config;
