import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../src/commands/exit-codes.ts';
import { variables } from '../../src/config/variables.ts';
import { runCommand } from '../support/run-command.ts';

const SECRETS = {
  DATABASE_URL: 'postgresql://me:swordfish@db/telltale',
  SMTP_URL: 'smtp://user:swordfish@mail:25',
  SMTP_FROM: 'a@example.com',
};

describe('telltale config', () => {
  it('prints every variable with its value and its source, and no password', async () => {
    const { code, stdout } = await runCommand(['config', '--json'], { PORT: '8080', ...SECRETS });
    expect(code).toBe(0);
    expect(stdout).not.toContain('swordfish');
    const { variables: shown, problems } = JSON.parse(stdout);
    expect(problems).toEqual([]);
    expect(shown.map(({ name }: { name: string }) => name)).toEqual(Object.keys(variables));
    const find = (wanted: string) => shown.find(({ name }: { name: string }) => name === wanted);
    expect(find('PORT')).toMatchObject({ value: '8080', source: 'environment' });
    expect(find('HOST')).toMatchObject({ value: '127.0.0.1', source: 'default' });
    expect(find('DATABASE_URL').value).toBe('postgresql://me:***@db/telltale');
    expect(find('RETENTION_DAYS')).toMatchObject({ value: null, source: 'default', otherwise: '90' });
  });

  it('prints a line for each, or only for what the environment sets', async () => {
    const { stdout } = await runCommand(['config'], { PORT: '8080', ...SECRETS });
    expect(stdout).toMatch(/^PORT +environment {2}8080$/m);
    expect(stdout).toMatch(/^HOST +default {6}127\.0\.0\.1$/m);
    expect(stdout).not.toContain('swordfish');
    const only = await runCommand(['config', '--set'], { PORT: '8080', ...SECRETS });
    expect(only.stdout).not.toMatch(/^HOST/m);
    expect(only.stdout).toContain('postgresql://me:***@db/telltale');
  });

  it('treats an empty variable as absent, and says what is wrong', async () => {
    const { code, stdout } = await runCommand(['config', '--json'], { PORT: 'http', HOST: '' });
    expect(code).toBe(EXIT_CODES.configuration);
    const { variables: shown, problems } = JSON.parse(stdout);
    expect(problems).toEqual(['PORT=http: must be a whole number from 0 to 65535.']);
    expect(shown).toContainEqual(expect.objectContaining({ name: 'HOST', source: 'default' }));
  });
});
