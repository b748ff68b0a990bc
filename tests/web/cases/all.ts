import type { PageCase } from '../support/page-case.ts';
import { overview } from './overview.ts';

/** A case for each page. */
export const cases: readonly PageCase[] = [overview];
