// `npm run screenshots -- [--url=http://localhost:4000] [--only=/models,/alerts] [--into=folder] [--widths=1280,390] [--schemes=light,dark]`:
// pictures of every page of the dashboard for visual review, by default in two widths and both
// colour schemes. They show the data of the server that runs there; `npm run demo` has data on
// every page.
import { spawn } from 'node:child_process';
import { installPackages } from './prepare/install.mjs';
import { inPackage, root } from './prepare/paths.mjs';

await installPackages('all');
const args = ['--import', 'tsx', inPackage('scripts', 'web', 'screenshots.ts'), ...process.argv.slice(2)];
const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
