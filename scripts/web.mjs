// `npm run web`: the dashboard with the changes that you make, at http://localhost:5173. It asks the
// server at TELLTALE_URL, http://localhost:4000 unless you say otherwise.
import { codegen } from './prepare/codegen.mjs';
import { installPackages } from './prepare/install.mjs';
import { inPackage } from './prepare/paths.mjs';

await installPackages('all');
await codegen();
const { createServer } = await import('vite');
const server = await createServer({ root: inPackage('web'), configFile: inPackage('web', 'vite.config.ts') });
await server.listen();
server.printUrls();
