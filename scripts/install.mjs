// `node scripts/install.mjs [serving]`: installs the packages for development, before `npm run
// lint` and similar scripts; or everything that a server needs, in an image.
import { installPackages } from './prepare/install.mjs';
import { placeSqlite } from './prepare/sqlite.mjs';

try {
  if (process.argv[2] === 'serving') {
    await installPackages('serving');
    await placeSqlite();
  } else {
    await installPackages('all');
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
