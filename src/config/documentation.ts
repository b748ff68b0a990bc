import { type Variable, variables } from './variables.ts';

/** Renders `docs/configuration.md`: every environment variable, from the declarations. */
export function renderConfigurationGuide(): string {
  return [
    '# Configuration',
    '',
    'Environment variables configure the server. It validates them at start: an invalid one stops it ' +
      'with a message that',
    'names it. An empty variable counts as absent. This page is generated from ' +
      '`src/config/variables.ts`.',
    '',
    '| variable | default | unit | meaning |',
    '| --- | --- | --- | --- |',
    ...Object.entries<Variable<unknown>>(variables).map(([name, variable]) => row(name, variable)),
    '',
  ].join('\n');
}

function row(name: string, variable: Variable<unknown>): string {
  const fallback = variable.default === undefined ? variable.fallback : `\`${variable.default}\``;
  const expected = variable.expected.replaceAll('|', '\\|');
  return `| \`${name}\` | ${fallback} | ${variable.unit} | ${variable.description} Must be ${expected}. |`;
}
