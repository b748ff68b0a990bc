import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMapping, parseAssignments } from '../../../src/commands/import/options.ts';
import { datasets } from '../../../src/declarations/registry.ts';

describe('parseAssignments', () => {
  it.each([
    ['', {}],
    ['model=gpt-4', { model: 'gpt-4' }],
    [
      'timestamp=TIMESTAMP, promptTokens = Context Tokens',
      { timestamp: 'TIMESTAMP', promptTokens: 'Context Tokens' },
    ],
    ['origin=a,b,model=x', { origin: 'a,b', model: 'x' }],
    ['endUser=a=b', { endUser: 'a=b' }],
    ['tags.team=Team,tags.cost-center=Cost', { 'tags.team': 'Team', 'tags.cost-center': 'Cost' }],
  ])('%j', (text, expected) => {
    expect(Object.fromEntries(parseAssignments('--set', text))).toEqual(expected);
  });

  it.each(['model', 'model=', '=x', 'model=a,model=b'])('%j: an error that names the flag', (text) => {
    expect(() => parseAssignments('--set', text)).toThrow(/^--set: /);
  });
});

describe('createMapping', () => {
  const options = { dataset: 'llmCalls', timeZone: 'UTC' };

  it('finds the dataset', () => {
    const mapping = createMapping({ ...options, map: 'promptTokens=in', set: 'model=m' }, datasets);
    expect(mapping.dataset.name).toBe('llmCalls');
    expect(mapping.fields.get('promptTokens')).toBe('in');
    expect(mapping.constants.get('model')).toBe('m');
  });

  it('accepts every dataset of the server, and the documentation names them all', () => {
    for (const { name } of datasets)
      expect(createMapping({ ...options, dataset: name }, datasets).dataset.name).toBe(name);
    const documentation = readFileSync(new URL('../../../docs/importing.md', import.meta.url), 'utf8');
    const [, list = ''] = /^- `--dataset NAME`: ([^.]*)\.$/m.exec(documentation) ?? [];
    const documented = [...list.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(documented.toSorted()).toEqual(datasets.map(({ name }) => name).toSorted());
  });

  it.each(['+05:30', '-08', 'asia/kolkata'])('accepts the time zone %s', (timeZone) => {
    expect(createMapping({ ...options, timeZone }, datasets).timeZone).toBe(timeZone);
  });

  it.each([
    [{ dataset: 'calls' }, /--dataset: there is no dataset calls.*requestLogs, llmCalls/],
    [{ map: 'tokens=in' }, /--map: llmCalls takes no column tokens.*promptTokens/],
    [{ set: 'costSource=REPORTED' }, /--set: llmCalls takes no column costSource/],
    [{ map: 'model=a', set: 'model=b' }, /model is in --map and in --set/],
    [{ map: 'tags.team=Team', set: 'tags={}' }, /tags\.team is a part of tags/],
    [{ map: `tags.${'x'.repeat(101)}=Team` }, /--map takes the key of a tag, 1 to 100 characters/],
    [{ map: 'tags.=Team' }, /llmCalls takes no column tags\./],
    [{ timeZone: 'Berlin' }, /--time-zone: Berlin is neither an IANA time zone/],
  ])('%j: an error that lists the possible values', (change, message) => {
    expect(() => createMapping({ ...options, ...change }, datasets)).toThrow(message);
  });
});
