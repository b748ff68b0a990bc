import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inPackage } from './paths.mjs';

/** @typedef {import('./extent.mjs').Extent} Extent */

/**
 * What packages include but nobody here loads, by its path below node_modules. The generators, the
 * build, the tests and the type checker read none of it. Together it is two fifths of what would be
 * installed.
 */
const unused = [
  // Source maps of packages, which only a debugger reads.
  /\.[cm]?[jt]s\.map$/,
  // Prisma's query compilers: for other databases, the smaller and slower variants, copies for
  // `require` (the generated clients use import), and the engine for edge runtimes.
  /^@prisma\/client\/runtime\/query_compiler_(?:small|fast_bg\.(?!sqlite\.|postgresql\.))/,
  /^@prisma\/client\/runtime\/(?:query_compiler_.*\.js|wasm-compiler-edge\..*)$/,
  // GraphiQL as a second copy for `require`; the server imports the other one.
  /^@graphql-yoga\/render-graphiql\/cjs$/,
  // Prisma's generators require `effect`, but do not read its sources, its types and its copy for
  // `import`.
  /^effect\/(?:src|dist\/(?:dts|esm))$/,
  /^zod\/src$/,
  // The sources of SQLite, which are compiled elsewhere (sqlite.mjs), and modules for other
  // machines.
  /^better-sqlite3(?:-13)?\/(?:deps|src)$/,
  new RegExp(`^better-sqlite3-13/prebuilds/(?!${process.platform}(?:musl)?-${process.arch}\\.)`),
];

/**
 * The API of TypeScript 6, only for dependency-cruiser. npm installs it for serving too, as an
 * optional peer of Prisma's packages, which do not load it.
 */
const ofDevelopment = /^typescript$/;

/**
 * @param {string} path of a file or folder below node_modules, with slashes
 * @param {Extent} extent of what was installed
 */
export const isUnused = (path, extent) =>
  unused.some((pattern) => pattern.test(path)) || (extent === 'serving' && ofDevelopment.test(path));

/**
 * Removes what was installed and is not used. It only removes, so it may be interrupted at any
 * point and repeated; `npm ci` restores everything.
 *
 * @param {Extent} extent of what was installed
 * @param {string} [folder]
 */
export function prune(extent, folder = inPackage('node_modules')) {
  const visit = (/** @type {string} */ below) => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (isUnused(path, extent)) rmSync(join(folder, path), { recursive: true });
      else if (entry.isDirectory()) visit(path);
    }
  };
  visit('');
}
