// `npm run generate [-- --force]`
import { generate } from './prepare/generate.mjs';
import { installPackages } from './prepare/install.mjs';

await installPackages('serving');
await generate({ force: process.argv.includes('--force') });
