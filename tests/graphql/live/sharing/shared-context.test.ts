import { type ExecutionArgs, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../../src/access/caller.ts';
import type { Services } from '../../../../src/graphql/context.ts';
import { sharingOf } from '../../../../src/graphql/live/sharing/shared-context.ts';
import { callerOf } from '../../../support/callers.ts';

const TEXT = 'subscription A { a } subscription B { a }';
const services = {} as Services;

function sharing(over: Partial<ExecutionArgs> = {}, caller: Partial<Caller> = {}) {
  const args = { document: parse(TEXT), operationName: 'A', variableValues: { x: 1 }, ...over };
  const contextValue = { caller: { ...callerOf(), ...caller } };
  const shared = sharingOf({ ...args, contextValue } as ExecutionArgs, services);
  if (shared === null) throw new Error('Nothing is shared');
  return shared;
}

describe('the key by which subscriptions are shared', () => {
  it('is the same for equal texts, with any API key', () => {
    const { key } = sharing();
    expect(sharing({}, { keyId: 'other', signal: AbortSignal.abort() }).key).toBe(key);
  });

  it.each<[string, Partial<ExecutionArgs>, Partial<Caller>]>([
    ['the document', { document: parse(`${TEXT} `) }, {}],
    ['the operation', { operationName: 'B' }, {}],
    ['the variables', { variableValues: { x: 2 } }, {}],
    ['the project', {}, { projectId: 'other' }],
    ['all projects', {}, { allProjects: false }],
    ['the scopes', {}, { scopes: new Set(['READ'] as const) }],
    ['the rows of a read token', {}, { rows: new Map([['llmCalls', { kind: 'and', all: [] }]]) }],
  ])('differs by %s', (_name, over, caller) => {
    expect(sharing(over, caller).key).not.toBe(sharing().key);
  });

  it('does not exist without the text of the document', () => {
    const args = { document: parse(TEXT, { noLocation: true }), contextValue: { caller: callerOf() } };
    expect(sharingOf(args as unknown as ExecutionArgs, services)).toBeNull();
  });

  it('determines everything that the context of the executions contains', () => {
    const { context } = sharing({}, { keyId: 'one', signal: AbortSignal.abort() });
    expect(Object.keys(context).sort()).toEqual(['caller', 'projectId', 'services']);
    expect(context.caller.signal.aborted).toBe(false);
    expect(() => context.caller.keyId).toThrow('does not know the key');
  });
});
