// `npm run client:build`, and before `npm pack` in client/: makes client/dist.
import { buildClient } from './prepare/client.mjs';
import { installPackages } from './prepare/install.mjs';

try {
  await installPackages('all');
  await buildClient();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
