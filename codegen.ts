import type { CodegenConfig } from '@graphql-codegen/cli';
import { documentsBelow } from './scripts/prepare/documents.mjs';

// Types for documents that are written as graphql(`…`). Fails when one of them does not fit
// schema.graphql. By default these are the documents of the tests and of the dashboard; the types
// of the events that the client in client/ sends are written beside them.
//
// `npm run codegen -- --documents=<glob> --output=<folder>/` takes those of a client project. It
// also writes the manifest of trusted documents, `persisted-documents.json`.
const { CODEGEN_DOCUMENTS, CODEGEN_OUTPUT } = process.env;

/** The few files that have documents: the loader parses each, which takes ten seconds for all. */
const filesOf = (folder: string, generated: string): string[] =>
  documentsBelow(folder, generated).map(({ file }) => file);

const settings = {
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
};

const eventsOfClient: CodegenConfig['generates'] = {
  'client/src/generated/events.ts': {
    documents: 'client/src/mutation.ts',
    plugins: ['typescript-operations'],
    // JSON.stringify writes a Date as the server reads it.
    config: { ...settings, scalars: { ...settings.scalars, DateTime: 'string | Date' } },
  },
};

/** Types alone: at run time a document of the dashboard is its text (web/src/data/graphql.ts). */
const documentsOfWeb: CodegenConfig['generates'] = {
  'web/src/generated/': {
    documents: filesOf('web/src', 'web/src/generated'),
    preset: 'client',
    presetConfig: { fragmentMasking: false, gqlTagName: 'graphql' },
    config: settings,
  },
};

const config: CodegenConfig = {
  schema: 'schema.graphql',
  ignoreNoDocuments: CODEGEN_DOCUMENTS === undefined,
  importExtension: '.ts',
  generates: {
    [CODEGEN_OUTPUT ?? 'tests/generated/']: {
      documents: CODEGEN_DOCUMENTS ?? filesOf('tests', 'tests/generated'),
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        gqlTagName: 'graphql',
        persistedDocuments: CODEGEN_OUTPUT !== undefined,
      },
      config: settings,
    },
    ...(CODEGEN_OUTPUT === undefined && { ...eventsOfClient, ...documentsOfWeb }),
  },
};

export default config;
