// Runs before `npm run lint` and similar scripts: installs the packages for development.
import { installPackages } from './prepare/install.mjs';

try {
  await installPackages('all');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
