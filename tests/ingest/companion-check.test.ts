import { describe, expect, it } from 'vitest';
import { derivedId } from '../../src/core/ids.ts';
import { architectures } from '../../src/declarations/generations/architectures.ts';
import { generations } from '../../src/declarations/generations/generations.ts';
import { compileCompanionCheck } from '../../src/ingest/companion-check.ts';
import { compileRowCheck } from '../../src/ingest/row-check.ts';
import { broughtArchitecture, generation } from '../support/events.ts';
import { ID, NOW, services } from './support/check.ts';

const ids = { next: () => ID };
const { companion } = generations;
if (companion === undefined) throw new Error('Generations bring nothing along.');
const checkBoth = compileCompanionCheck(
  { ...generations, companion },
  compileRowCheck(generations, { ids, services }),
  { ids, services },
);
const check = (event: unknown) => checkBoth(event, { projectId: 'shop', now: NOW, ipAddresses: 'FULL' });

/** The row of the state that an event carries, by column name. */
function broughtBy(event: unknown): Record<string, unknown> | null {
  const result = check(event);
  if (!('row' in result)) throw new Error(result.message);
  const { brought } = result;
  if (brought === null) return null;
  return Object.fromEntries(architectures.columns.map(({ name, index }) => [name, brought[index]]));
}

describe('a state that an event carries', () => {
  it('inherits the values that they share, including defaults and the time', () => {
    expect(broughtBy(generation('g-1', { architecture: broughtArchitecture() }))).toEqual({
      projectId: 'shop',
      id: derivedId('shop', 'architectures', 'g-1'),
      generationId: 'g-1',
      name: 'Web shop',
      description: null,
      spec: '{"nodes":[{"id":"lb","type":"load balancer"}]}',
      specText: 'lb\nload balancer',
      provider: 'openai',
      model: 'gpt-4o',
      kind: 'aws',
      endUser: null,
      tags: '[]',
      createdAt: NOW,
      updatedAt: NOW,
    });
  });

  it('is as old as the event, and is stored at the same time', () => {
    const event = generation('g-1', {
      timestamp: '2026-11-01T00:00:00Z',
      endUser: 'ann',
      architecture: broughtArchitecture({ tags: ['a', 'b', 'a'] }),
    });
    expect(broughtBy(event)).toMatchObject({
      createdAt: Date.parse('2026-11-01T00:00:00Z'),
      updatedAt: NOW,
      endUser: 'ann',
      tags: '["a","b"]',
    });
  });

  it.each([
    ['no field', {}],
    ['null', { architecture: null }],
    ['undefined', { architecture: undefined }],
  ])('is absent with %s', (_case, fields) => {
    expect(broughtBy(generation('g-1', fields))).toBeNull();
  });

  it('may be an object without a prototype', () => {
    const event = Object.assign(
      Object.create(null),
      generation('g-1', { architecture: broughtArchitecture() }),
    );
    expect(broughtBy(event)).toMatchObject({ name: 'Web shop' });
  });

  it.each([
    [
      'text',
      'text',
      'architecture',
      'WRONG_TYPE',
      /^architecture: It must be an object with fields, not "text"\.$/,
    ],
    ['a list', [], 'architecture', 'WRONG_TYPE', /object/],
    ['without a name', { spec: {} }, 'architecture.name', 'REQUIRED', /^architecture: name is required/],
    ['with a bad value', { name: 'a', spec: 1 }, 'architecture.spec', 'WRONG_TYPE', /JSON object, not 1/],
    [
      'with a field that it inherits',
      broughtArchitecture({ generationId: 'g-2' }),
      'architecture.generationId',
      'UNKNOWN_FIELD',
      /There is no field "generationId"\. The fields are: name, description, spec, tags\.$/,
    ],
    [
      'with a field of the server',
      broughtArchitecture({ specText: 'mine' }),
      'architecture.specText',
      'UNKNOWN_FIELD',
      /no field/,
    ],
  ])('is refused together with its event: %s', (_case, architecture, field, code, message) => {
    expect(check(generation('g-1', { architecture }))).toEqual({
      field,
      code,
      message: expect.stringMatching(message),
    });
  });

  it('does not hide the faults of the event', () => {
    const result = check({ generationId: 'g-1', architecture: 'text' });
    expect(result).toMatchObject({ field: 'provider', code: 'REQUIRED' });
  });

  it.each([[null], ['text'], [[]]])('does not turn %j into an event', (event) => {
    expect(check(event)).toMatchObject({ field: null, code: 'WRONG_TYPE' });
  });

  it('is named among the fields of the event', () => {
    expect(check(generation('g-1', { architectur: {} }))).toMatchObject({
      field: 'architectur',
      code: 'UNKNOWN_FIELD',
      message: expect.stringMatching(/attributes, architecture\.$/),
    });
  });
});
