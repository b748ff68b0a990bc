import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the package. Paths are resolved from here, regardless of the working directory. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * @param {...string} parts
 * @returns {string} the absolute path of a file of the package
 */
export const inPackage = (...parts) => join(root, ...parts);
