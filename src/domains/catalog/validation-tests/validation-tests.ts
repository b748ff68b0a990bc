import type { Parts } from '../../../graphql/dataset/parts.ts';
import { addAddValidationTest } from './add.ts';
import { addDeleteValidationTest } from './delete.ts';
import { addRecordValidationResult } from './result.ts';
import { addRunValidationTest } from './run.ts';
import { addUpdateValidationTest } from './update.ts';

/** Adds what validation tests have beside their list. */
export function addValidationTests(parts: Parts): void {
  addAddValidationTest(parts);
  addUpdateValidationTest(parts);
  addDeleteValidationTest(parts);
  addRecordValidationResult(parts);
  addRunValidationTest(parts);
}
