// `npm run generate [-- --force]`
import { generate } from './prepare/generate.mjs';
import { install } from './prepare/install.mjs';

await install('serving');
await generate({ force: process.argv.includes('--force') });
