// `npm run lock:complete`, after npm install has changed package-lock.json.
//
// A registry mirror that lacks the binaries of other platforms makes npm leave them out of
// package-lock.json silently; `npm ci` then refuses the file, here and on those platforms.
// This adds an entry for each of them. Such an entry has no integrity, which npm accepts; a
// registry that has the package adds it with the next `npm install`.
import { readFileSync, writeFileSync } from 'node:fs';
import { inPackage } from './prepare/paths.mjs';

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

const file = inPackage('package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
let added = 0;

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isLocked(path, name) || !/^\d/.test(version)) continue;
    const { dev, peer } = entry;
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platformOf(name),
      ...(dev && { dev }),
      ...(peer && { peer }),
      optional: true,
    };
    added += 1;
  }
}

const { '': own, ...others } = lock.packages;
const sorted = Object.entries(others).sort(([left], [right]) => left.localeCompare(right, 'en'));
lock.packages = { '': own, ...Object.fromEntries(sorted) };
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages of other platforms added`);

/**
 * Whether npm would find the package from there: beside it, or in any node_modules above.
 *
 * @param {string} path
 * @param {string} name
 */
function isLocked(path, name) {
  const steps = path.split('/node_modules/');
  const folders = steps.map((_, index) => steps.slice(0, index + 1).join('/node_modules/'));
  return ['', ...folders].some((folder) => `${folder && `${folder}/`}node_modules/${name}` in lock.packages);
}

/** @param {string} name */
function platformOf(name) {
  const words = (name.split('/').at(-1) ?? name).split('-');
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu'))
      ? ['glibc']
      : [];
  return { ...(os.length > 0 && { os }), ...(cpu.length > 0 && { cpu }), ...(libc.length > 0 && { libc }) };
}
