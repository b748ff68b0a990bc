import type { Parts } from '../../../graphql/dataset/parts.ts';
import { addDeleteArchitecture } from './delete.ts';
import { addArchitecture } from './node.ts';
import { addSaveArchitecture } from './save.ts';

/** Adds what architectures have beside their list and their search. */
export function addArchitectures(parts: Parts): void {
  addArchitecture(parts);
  addSaveArchitecture(parts);
  addDeleteArchitecture(parts);
}
