import { defineCommand } from 'citty';
import { describe, expect, it } from 'vitest';
import { checkArguments } from '../../../src/commands/program/check-arguments.ts';

const root = defineCommand({
  default: 'serve',
  subCommands: {
    serve: defineCommand({ args: { port: { type: 'string' } } }),
    retention: async () =>
      defineCommand({ args: { 'dry-run': { type: 'boolean' }, yes: { type: 'boolean' } } }),
    schema: defineCommand({}),
    import: defineCommand({
      args: {
        format: { type: 'positional', description: 'csv or jsonl' },
        file: { type: 'positional', description: 'The file' },
        'time-zone': { type: 'string' },
      },
    }),
    create: defineCommand({
      args: {
        name: { type: 'positional', required: false },
        scope: { type: 'string', required: true, description: 'What it allows' },
        form: { type: 'enum', options: ['csv', 'jsonl'], default: 'csv' },
      },
    }),
    collect: defineCommand({ subCommands: { git: defineCommand({}), system: defineCommand({}) } }),
  },
});

describe('checkArguments', () => {
  it.each([
    [[], ['serve']],
    [
      ['--port', '5000'],
      ['serve', '--port', '5000'],
    ],
    [
      ['retention', '--dry-run'],
      ['retention', '--dry-run'],
    ],
    [
      ['retention', '--dryRun', '--no-yes'],
      ['retention', '--dryRun', '--no-yes'],
    ],
    [
      ['retention', '--dry-run=false'],
      ['retention', '--dry-run=false'],
    ],
    [
      ['import', 'csv', 'a.csv', '--timeZone=UTC'],
      ['import', 'csv', 'a.csv', '--timeZone=UTC'],
    ],
    [['import', '--time-zone=--x', 'csv', '--', '--odd.csv'], null],
    [
      ['collect', 'git'],
      ['collect', 'git'],
    ],
    [['create', '--scope=read', '--form', 'jsonl'], null],
  ])('accepts %j', async (words, expected) => {
    expect(await checkArguments(root, words)).toEqual(expected ?? words);
  });

  it.each([
    [
      ['retention', '--dryrun'],
      'telltale retention has no flag --dryrun. Did you mean --dry-run? There are: --dry-run, --yes.',
    ],
    [['retention', '--no-dryrun'], 'has no flag --no-dryrun.'],
    [['retention', '-n'], 'has no flag -n.'],
    [['retention', '--yes=no'], '--yes=no: write --yes alone, or leave it out.'],
    [['retention', '--yes='], '--yes=: write --yes alone'],
    [['retention', '--no-dry-run=false'], '--no-dry-run=false: write --no-dry-run alone'],
    [['retention', 'dry-run'], 'takes no arguments besides its flags: "dry-run" is one too many.'],
    [['serve', '--prot', '1'], 'Did you mean --port?'],
    [['serve', '--port'], '--port needs a value: --port=…'],
    [['import', '--time-zone', '--map', 'csv', 'a.csv'], '--time-zone needs a value'],
    [['import', 'csv', 'a.csv', 'b.csv'], 'takes only FORMAT and FILE: "b.csv" is one too many.'],
    [['import', 'csv'], 'telltale import needs FILE: The file. See telltale import --help.'],
    [['create', 'a'], 'telltale create needs --scope=…: What it allows.'],
    [['create', '--scope=a', '--form=xml'], '--form=xml: must be one of csv, jsonl.'],
    [['schema', '--out=x'], 'telltale schema has no flag --out. It has none.'],
    [['retenton'], 'telltale has no command "retenton". Did you mean retention? There are: serve,'],
    [['constructor'], 'telltale has no command "constructor".'],
    [['collect'], 'telltale collect needs one of git, system.'],
    [['collect', 'gti'], 'telltale collect has no command "gti". Did you mean git?'],
  ])('refuses %j', async (words, message) => {
    await expect(checkArguments(root, words)).rejects.toThrow(message);
  });

  describe('in a script of npm', () => {
    const npm = { npm_lifecycle_event: 'retention', npm_config_dry_run: 'true' };

    it('refuses a flag that npm kept', async () => {
      await expect(checkArguments(root, ['retention'], npm)).rejects.toThrow(
        'npm interpreted --dry-run as its own setting, and telltale retention did not receive it. ' +
          'Write -- before it: npm run retention -- --dry-run',
      );
    });

    it.each([
      ['if the command also has it', ['retention', '--dry-run'], npm],
      ['if the command has no such flag', ['serve'], npm],
      ['if it is off', ['retention'], { ...npm, npm_config_dry_run: '' }],
      ['if it only confirms', ['retention'], { npm_lifecycle_event: 'retention', npm_config_yes: 'true' }],
      ['if npm runs no script', ['retention'], { npm_config_dry_run: 'true' }],
    ])('accepts it %s', async (_, words, environment) => {
      expect(await checkArguments(root, words, environment)).toEqual(words);
    });
  });
});
