// `npm run migration:new -- <name>`, `npm run drift`: installs and generates what the tool needs,
// then runs it. The tool reads the models themselves, so its answer includes new models.
import { spawn } from 'node:child_process';
import { generate } from './prepare/generate.mjs';
import { installPackages } from './prepare/install.mjs';
import { inPackage, root } from './prepare/paths.mjs';
import { placeSqlite } from './prepare/sqlite.mjs';

const [tool, ...args] = process.argv.slice(2);

try {
  await installPackages('all');
  await placeSqlite();
  await generate();
  const script = inPackage('scripts', 'migrations', `${tool}.ts`);
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
