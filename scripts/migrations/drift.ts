// `npm run drift`: fails if the migrations of a database do not match the models.
import { dialects } from '../prepare/schemas.mjs';
import { missingSql } from './scratch.ts';

for (const dialect of dialects) {
  const sql = await missingSql(dialect);
  if (sql === '') {
    console.log(`${dialect}: the migrations lead to the models`);
    continue;
  }
  console.error(
    `${dialect}: the migrations lack this; make one with npm run migration:new -- <name>\n${sql}`,
  );
  process.exitCode = 1;
}
