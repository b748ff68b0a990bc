import { type FieldNode, Kind } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createFieldBatches } from '../../../src/graphql/entities/field-batches.ts';

/** The object that graphql-js passes for all parents of a field with the same selection. */
function fieldNamed(value: string): { readonly fieldNodes: readonly FieldNode[] } {
  return { fieldNodes: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value } }] };
}

describe('a field', () => {
  it('is loaded once for the parents of one tick, and again for those of another', async () => {
    const load = createFieldBatches<number, string>();
    const asked: (readonly number[])[] = [];
    const loadMany = (keys: readonly number[]) => {
      asked.push(keys);
      return Promise.resolve(new Map(keys.map((key) => [key, `#${key}`])));
    };
    const field = fieldNamed('metric');
    const later = Promise.resolve().then(() => load(field, 3, loadMany));
    const found = [load(field, 1, loadMany), load(field, 2, loadMany), load(field, 1, loadMany), later];
    expect(await Promise.all(found)).toEqual(['#1', '#2', '#1', '#3']);
    expect(await load(field, 1, loadMany)).toBe('#1');
    expect(asked).toEqual([[1, 2, 3], [1]]);
  });

  it('is loaded separately where its selection differs, even in the same tick', async () => {
    const load = createFieldBatches<number, string>();
    const answers = (answer: string) => (keys: readonly number[]) =>
      Promise.resolve(new Map(keys.map((key) => [key, `${answer} ${key}`])));
    const found = [
      load(fieldNamed('rule'), 1, answers('one')),
      load(fieldNamed('rule'), 1, answers('other')),
    ];
    expect(await Promise.all(found)).toEqual(['one 1', 'other 1']);
  });
});
