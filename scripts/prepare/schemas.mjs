/**
 * One set of models, two databases. A Prisma schema names one provider, so the models are written
 * out once per provider, with native types for PostgreSQL only.
 *
 * @typedef {'sqlite' | 'postgresql'} Dialect
 */

/** @type {readonly Dialect[]} */
export const dialects = ['sqlite', 'postgresql'];

/**
 * @param {Dialect} dialect
 * @param {readonly string[]} models the contents of prisma/models/*.prisma
 * @returns {string} a complete Prisma schema
 */
export function writeSchema(dialect, models) {
  const text = models.map((model) => model.trim()).join('\n\n');
  const body = dialect === 'postgresql' ? withNativeTypes(text) : text.replace(onlyPostgresql, '');
  return `${header(dialect)}\n${body}\n`;
}

/**
 * The generators write below prisma/generated/output; from there the whole result moves to
 * src/generated at once. Pothos' types come from SQLite's client, the narrower of the two.
 *
 * @param {Dialect} dialect
 */
function header(dialect) {
  const pothos = `
generator pothos {
  provider          = "prisma-pothos-types"
  clientOutput      = "./sqlite/client.ts"
  output            = "./output/pothos-types.ts"
  generateDatamodel = true
  documentation     = true
}
`;
  return `// Written by scripts/prepare/generate.mjs from prisma/models: do not edit.
generator client {
  provider               = "prisma-client"
  output                 = "./output/${dialect}"
  runtime                = "nodejs"
  previewFeatures        = ["partialIndexes"]
  moduleFormat           = "esm"
  importFileExtension    = "ts"
  generatedFileExtension = "ts"
}
${dialect === 'sqlite' ? pothos : ''}
datasource db {
  provider     = "${dialect}"
  relationMode = "prisma"
}
`;
}

/** Lines that end with this comment are omitted for SQLite. */
const onlyPostgresql = /^.*\/\/ PostgreSQL only\n/gm;

/**
 * Adds `@db.Timestamptz(3)` to every DateTime and `@db.Uuid` to every String whose documentation
 * starts with the word UUID. A field that names its native type keeps it.
 *
 * @param {string} models
 */
function withNativeTypes(models) {
  let documentation = '';
  return models
    .split('\n')
    .map((line) => {
      const comment = /^\s*\/\/\/\s?(.*)$/.exec(line);
      if (comment) {
        documentation ||= comment[1] ?? '';
        return line;
      }
      const nativeType = line.includes('@db.') ? undefined : nativeTypeOf(line, documentation);
      documentation = '';
      return nativeType ? line.replace(fieldPattern, `$& ${nativeType}`) : line;
    })
    .join('\n');
}

const fieldPattern = /^\s+\w+\s+(DateTime|String)(\[\])?\??(?=\s|$)/;

/**
 * @param {string} line
 * @param {string} documentation
 */
function nativeTypeOf(line, documentation) {
  const type = fieldPattern.exec(line)?.[1];
  if (type === 'DateTime') return '@db.Timestamptz(3)';
  return type === 'String' && /^UUID\b/.test(documentation) ? '@db.Uuid' : undefined;
}
