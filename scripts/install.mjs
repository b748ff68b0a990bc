// Before `npm run lint` and its like: the packages of development.
import { installPackages } from './prepare/install.mjs';

try {
  await installPackages('all');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
