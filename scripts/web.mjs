// `npm run web`: serves the dashboard from its sources, updated as you edit them, at
// http://localhost:5173. It queries the server at TELLTALE_URL (default: http://localhost:4000).
import { codegen } from './prepare/codegen.mjs';
import { installPackages } from './prepare/install.mjs';
import { inPackage } from './prepare/paths.mjs';

await installPackages('all');
await codegen();
const { createServer } = await import('vite');
const server = await createServer({ root: inPackage('web'), configFile: inPackage('web', 'vite.config.ts') });
await server.listen();
server.printUrls();
