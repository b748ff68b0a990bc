/**
 * Where the client runs.
 *
 * @typedef {object} Runtime
 * @property {string} name of its app in `client/runtimes`
 * @property {readonly string[]} packages what its app needs, as npm takes it
 * @property {readonly string[]} tried the packages whose versions are told
 * @property {(setting: Setting) => Promise<string>} run tries it; says what was tried. Throws `Skipped`, or
 *   whatever is wrong
 *
 * @typedef {object} Setting
 * @property {string} folder of the app
 * @property {import('./server.mjs').Server} server
 * @property {import('./server.mjs').Project} project of this runtime alone
 */

/** The runtime cannot be tried on this machine. */
export class Skipped extends Error {}
