import { expect, it } from 'vitest';
import { renderConfigurationGuide } from '../../src/config/documentation.ts';

it('docs/configuration.md matches the declarations (npx vitest run tests/config --update writes it)', async () => {
  await expect(renderConfigurationGuide()).toMatchFileSnapshot('../../docs/configuration.md');
});
