// `npm run screenshots -- [--url=http://localhost:4000] [--only=/models,/alerts] [--into=folder]`:
// pictures of every page of the dashboard for people to look at, in two widths and both color
// schemes. They show the data of the server at that URL; `npm run demo` has some on every page.
import { spawn } from 'node:child_process';
import { installPackages } from './prepare/install.mjs';
import { inPackage, root } from './prepare/paths.mjs';

await installPackages('all');
const args = ['--import', 'tsx', inPackage('scripts', 'web', 'screenshots.ts'), ...process.argv.slice(2)];
const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
