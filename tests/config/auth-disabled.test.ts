import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';

it('AUTH=disabled lets others reach a server without keys', () => {
  expect(loadConfig({ HOST: '0.0.0.0', AUTH: 'disabled' })).toMatchObject({
    host: '0.0.0.0',
    authDisabled: true,
  });
});
