import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { ProcessLoad } from '../../../runtime/process-load.ts';

/** The resource use of the server itself. */
export function serverResourcesType({ builder }: TypeRegistry) {
  return builder.objectRef<ProcessLoad>('ServerResources').implement({
    description: 'The resource use of the Telltale server that answers.',
    fields: (t) => ({
      eventLoopDelayMs: t.exposeFloat('eventLoopDelayMs', {
        description:
          'The delay of the server’s timers in milliseconds (p99 over the last 30 to 60 seconds). ' +
          '0 in the first seconds, while the server starts.',
      }),
      memoryBytes: t.expose('memoryBytes', {
        type: 'SafeInt',
        description: 'Memory use of the server process, in bytes.',
      }),
      ingestQueueUse: t.float({
        description:
          'How full the write queue is, 0 to 1 in steps of 0.01, by events or by bytes, whichever ' +
          'is higher (INGEST_QUEUE_EVENTS, INGEST_QUEUE_BYTES). At 1, recording fails with ' +
          'OVERLOADED.',
        // Exact numbers would show one project how many events the others record.
        resolve: (_load, _args, { services }) => Math.round(services.ingest.load().share * 100) / 100,
      }),
      uptimeSeconds: t.exposeFloat('uptimeSeconds', {
        description: 'How long the process has been running, in seconds.',
      }),
    }),
  });
}
