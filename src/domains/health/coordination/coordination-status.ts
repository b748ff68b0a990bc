import type { CoordinationProblem, CoordinationStatus } from '../../../coordination/coordination.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** The status of the coordination folder. */
export function coordinationStatus(types: TypeRegistry): ObjectType<CoordinationStatus> {
  return types.once('CoordinationStatus', (builder) => {
    const problem = builder.objectRef<CoordinationProblem>('CoordinationProblem').implement({
      description:
        'A problem with a file in the coordination folder. While it lasts, the file has no effect.',
      fields: (t) => ({
        file: t.exposeString('file', { description: 'The file, without its folder.' }),
        message: t.exposeString('message', { description: 'What is wrong, in a sentence.' }),
        since: t.expose('since', { type: 'DateTime', description: 'Since when the problem has existed.' }),
      }),
    });
    return builder.objectRef<CoordinationStatus>('CoordinationStatus').implement({
      description: 'The state of the folder in which agents coordinate.',
      fields: (t) => ({
        watching: t.exposeBoolean('watching', {
          description: 'Whether the folder exists and is being watched.',
        }),
        problems: t.field({
          type: [problem],
          description: 'At most one problem per file; empty if there are none.',
          resolve: ({ problems }) => problems,
        }),
        since: t.expose('since', {
          type: 'DateTime',
          description: 'When `watching` or `problems` last changed; at first, when the server started.',
        }),
      }),
    });
  });
}
