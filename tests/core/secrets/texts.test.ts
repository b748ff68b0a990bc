import { expect, test } from 'vitest';
import { maskSecrets } from '../../../src/core/mask-secrets.ts';
import { TEXTS } from './text-shapes.ts';

test.each(TEXTS)('masks the secret in %j, and changes nothing the second time', (text, masked) => {
  expect(maskSecrets(text)).toBe(masked);
  expect(maskSecrets(masked)).toBe(masked);
});
