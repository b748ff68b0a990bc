import { expect, test } from 'vitest';
import { maskSecrets } from '../../../src/core/mask-secrets.ts';
import { TEXTS } from './text-shapes.ts';

test.each(TEXTS)('masks the secret in %j, once', (text, masked) => {
  expect(maskSecrets(text)).toBe(masked);
  expect(maskSecrets(masked)).toBe(masked);
});
