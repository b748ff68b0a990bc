import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeEventFields } from './event-fields.mjs';
import { generateStamp } from './generate.mjs';
import { exclusively } from './lock.mjs';
import { noticesOf } from './notices.mjs';
import { inPackage, root } from './paths.mjs';
import { progress } from './run.mjs';
import { contentHash, filesBelow, readStamp, writeStamp } from './stamp.mjs';
import { buildWeb, webOutput } from './web.mjs';

const dist = inPackage('dist');
const generatedOfClient = inPackage('client', 'src', 'generated');

function buildStamp() {
  const generated = inPackage('src', 'generated');
  const sources = filesBelow(inPackage('src'), (path) => path !== generated);
  // The demo sends its live events through the client.
  const client = filesBelow(inPackage('client', 'src'), (path) => path !== generatedOfClient);
  const configuration = [
    'schema.graphql',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'scripts/prepare/build.mjs',
    'scripts/prepare/notices.mjs',
  ].map((file) => inPackage(file));
  return contentHash([...sources, ...client, ...configuration], [generateStamp()]);
}

/** Files of dist that are run or imported by name; everything else is in chunks shared by these. */
const entries = ['main.ts', 'schema.ts', 'storage/create-store.ts', 'storage/migrator/migrate.ts'];

/**
 * The code of threads and of a process: one CommonJS file each, because a thread that loads it
 * starts in two thirds of the time.
 */
const threads = [
  'storage/dialect/sqlite/backup-process.ts',
  'storage/dialect/sqlite/worker.ts',
  'storage/dialect/postgresql/worker.ts',
  'columns/worker.ts',
];

/**
 * Packages of many small modules: as separate files they take half of the start time. graphql
 * includes all packages that import it, because it must exist only once.
 */
const bundled = [
  '@bufbuild/protobuf',
  '@graphql-tools/executor',
  '@graphql-tools/merge',
  '@graphql-tools/schema',
  '@graphql-tools/utils',
  '@pothos/core',
  '@pothos/plugin-prisma',
  '@pothos/plugin-relay',
  '@pothos/plugin-scope-auth',
  'graphql',
  'graphql-ws',
  'graphql-yoga',
  'jose',
  'kysely',
  'zod',
];

/** Some of the packages are CommonJS and require Node's own modules. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** Builds the server and the dashboard. */
export async function build() {
  await buildServer();
  await buildWeb();
}

/**
 * Bundles src to dist, unless dist is from the same sources. Types are not checked here, which
 * makes a first start several times faster; `npm run typecheck` does that.
 */
export async function buildServer() {
  const isFresh = () => existsSync(dist) && readStamp('build') === buildStamp();
  if (isFresh()) return;
  await exclusively(async () => {
    if (isFresh()) return;
    progress('building');
    const stamp = buildStamp();
    await writeEventFields();
    removeOthers(await bundle());
    writeStamp('build', stamp);
  });
}

/** @returns {Promise<Set<string>>} the files that were written */
async function bundle() {
  // Not at the top of the file, which is loaded before anything is installed.
  const esbuild = await import('esbuild');
  const { dependencies } = JSON.parse(readFileSync(inPackage('package.json'), 'utf8'));
  /** @satisfies {import('esbuild').BuildOptions} */
  const options = /** @type {const} */ ({
    absWorkingDir: root,
    outbase: 'src',
    outdir: 'dist',
    tsconfig: 'tsconfig.build.json',
    platform: 'node',
    target: 'node20.19',
    bundle: true,
    sourcemap: true,
    metafile: true,
    external: Object.keys(dependencies).filter((name) => !bundled.includes(name)),
    logLevel: 'silent',
  });
  try {
    const built = await Promise.all([
      esbuild.build({
        ...options,
        entryPoints: entries.map((entry) => inPackage('src', entry)),
        format: 'esm',
        splitting: true,
        banner: { js: REQUIRE },
        chunkNames: 'chunks/[name]-[hash]',
      }),
      esbuild.build({
        ...options,
        entryPoints: threads.map((thread) => inPackage('src', thread)),
        format: 'cjs',
        outExtension: { '.js': '.cjs' },
      }),
    ]);
    const notices = join(dist, 'THIRD-PARTY-NOTICES.md');
    writeFileSync(notices, noticesOf(built.flatMap(({ metafile }) => Object.keys(metafile.inputs))));
    const outputs = built.flatMap(({ metafile }) => Object.keys(metafile.outputs));
    return new Set([notices, ...outputs.map((file) => inPackage(file))]);
  } finally {
    // Otherwise its process (some 170 MB) would live as long as the server that starts next.
    await esbuild.stop();
  }
}

/**
 * Removes files whose source is gone, so that importing them fails as it should.
 *
 * @param {ReadonlySet<string>} written
 */
function removeOthers(written) {
  const files = filesBelow(dist, (path) => path !== webOutput);
  for (const file of files) if (!written.has(file)) rmSync(file);
}
