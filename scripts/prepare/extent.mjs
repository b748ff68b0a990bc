/**
 * How much of package-lock.json to install. `serving`: its dependencies, which generate, build and
 * serve; `all`: the devDependencies as well, which test, lint, measure and write migrations.
 *
 * @typedef {'serving' | 'all'} Extent
 * @typedef {{ version?: string; integrity?: string; dev?: boolean; optional?: boolean;
 *   devOptional?: boolean; peer?: boolean; os?: string[]; cpu?: string[]; dependencies?:
 *   Record<string, string>; devDependencies?: Record<string, string> }} LockedPackage
 * @typedef {Record<string, LockedPackage>} Packages by their path below the root; the root itself
 *   is ''
 * @typedef {{ platform: string; arch: string }} Machine
 */

/**
 * Whether everything in the lock file is installed, according to npm's records of both. Optional
 * packages that package.json does not name may be missing: they are for other platforms.
 *
 * @param {Packages} installed
 * @param {Packages} locked
 * @param {Extent} extent
 * @returns {boolean}
 */
export function isComplete(installed, locked, extent) {
  const { dependencies = {}, devDependencies = {} } = locked[''] ?? {};
  const isNamed = (/** @type {string} */ path) => {
    const name = path.replace('node_modules/', '');
    return name in dependencies || name in devDependencies;
  };
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === '' || !isIn(extent, wanted)) return true;
    const found = installed[path];
    if (found === undefined) return !isNamed(path) && isOptional(wanted);
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/**
 * @param {Packages} locked
 * @param {Extent} extent
 * @param {Machine} machine
 * @returns {number} the packages for this machine
 */
export function countPackages(locked, extent, machine) {
  return Object.entries(locked).filter(
    ([path, wanted]) => path !== '' && isIn(extent, wanted) && isFor(machine, wanted),
  ).length;
}

/**
 * A package with everything that it needs.
 *
 * @param {Packages} locked
 * @param {string} path
 * @returns {Packages}
 */
export function withDependencies(locked, path) {
  /** @type {Packages} */
  const found = {};
  const add = (/** @type {string} */ path) => {
    const wanted = locked[path];
    if (wanted === undefined || path in found) return;
    found[path] = wanted;
    for (const name of Object.keys(wanted.dependencies ?? {})) add(nearest(locked, path, name));
  };
  add(path);
  return found;
}

/**
 * Where Node would find a package from this path: below it, or in any node_modules above.
 *
 * @param {Packages} locked
 * @param {string} path
 * @param {string} name
 * @returns {string}
 */
function nearest(locked, path, name) {
  const below = `${path}/node_modules/${name}`;
  if (below in locked) return below;
  const above = path.lastIndexOf('/node_modules/');
  return above === -1 ? `node_modules/${name}` : nearest(locked, path.slice(0, above), name);
}

/**
 * @param {Extent} extent
 * @param {LockedPackage} wanted
 */
const isIn = (extent, { dev }) => extent === 'all' || !dev;

/** @param {LockedPackage} wanted */
const isOptional = ({ optional, devOptional, peer }) => Boolean(optional || devOptional || peer);

/**
 * @param {Machine} machine
 * @param {LockedPackage} wanted
 */
const isFor = ({ platform, arch }, { os = [platform], cpu = [arch] }) =>
  os.includes(platform) && cpu.includes(arch);
