import { defineConfig } from '@prisma/config';

// For Prisma's own tools, such as `npx prisma@7.10.0 studio` and `npx prisma@7.10.0 migrate
// status`; run `npm run generate` first, which writes the schemas. The server and the project's
// scripts do not read this.
const url = process.env.DATABASE_URL ?? 'file:./data/telltale.db';
const dialect = url.startsWith('file:') ? 'sqlite' : 'postgresql';

export default defineConfig({
  schema: `prisma/generated/${dialect}.prisma`,
  migrations: { path: `prisma/migrations/${dialect}` },
  datasource: { url },
});
