import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { ProcessLoad } from '../../../runtime/process-load.ts';

/** What the server itself uses. */
export function serverResourcesType({ builder }: TypeRegistry) {
  return builder.objectRef<ProcessLoad>('ServerResources').implement({
    description: 'What the Telltale server that answers uses.',
    fields: (t) => ({
      eventLoopDelayMs: t.exposeFloat('eventLoopDelayMs', {
        description:
          'How late its timers fire, in milliseconds: 99 % of those of the last half to whole minute were not later. 0 in ' +
          'the first seconds, which are spent on starting.',
      }),
      memoryBytes: t.expose('memoryBytes', {
        type: 'SafeInt',
        description: 'Memory that its process holds, in bytes.',
      }),
      uptimeSeconds: t.exposeFloat('uptimeSeconds', {
        description: 'How long it has been running, in seconds.',
      }),
    }),
  });
}
