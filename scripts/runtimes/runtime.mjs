/**
 * A runtime of the client.
 *
 * @typedef {object} Runtime
 * @property {string} name of its app in `client/runtimes`
 * @property {readonly string[]} packages what its app needs, as arguments of npm
 * @property {readonly string[]} tried the packages whose versions are reported
 * @property {(setting: Setting) => Promise<string>} run tries it; returns what was tried. Throws
 *   `Skipped`, or the failure
 *
 * @typedef {object} Setting
 * @property {string} folder of the app
 * @property {import('./server.mjs').Server} server
 * @property {import('./server.mjs').Project} project only for this runtime
 */

/** The runtime cannot be tried on this machine. */
export class Skipped extends Error {}
