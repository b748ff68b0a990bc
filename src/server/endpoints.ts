import type { GraphQLSchema } from 'graphql';
import type { Config } from '../config/config.ts';
import type { Services } from '../graphql/context.ts';
import { createDirectOperations } from './direct-operations.ts';
import { createExports } from './exports/exports.ts';
import type { ByteBudget } from './limits/byte-budget.ts';
import { createLimiter } from './limits/limiter.ts';
import { createBodyReader, type Pace } from './limits/read-body.ts';
import type { UnreadAnswers } from './limits/unread-answers.ts';
import { createMcpEndpoint } from './mcp-endpoint.ts';
import { createMetricsEndpoint, type MetricsEndpointOptions } from './metrics-endpoint.ts';
import { createOtlp } from './otlp/otlp.ts';
import { createRunOperation } from './run-operation.ts';
import type { Yoga } from './yoga.ts';

export interface EndpointsOptions extends MetricsEndpointOptions {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly config: Pick<Config, 'limits'>;
  readonly yoga: Yoga;
  /** The budget for the bodies of all requests. */
  readonly budget: ByteBudget;
  readonly unread: UnreadAnswers;
  /** See `createBodyReader`. */
  readonly pace?: Pace;
}

/** How many operations with a large body run at a time. */
const LARGE_AT_ONCE = 1;

/** The handlers of HTTP beside the GraphQL engine, with the way they read bodies and take turns. */
export function createEndpoints(options: EndpointsOptions) {
  const { schema, services, yoga, maskError, addressOf, budget, unread } = options;
  const { limits } = options.config;
  const run = createRunOperation(yoga, maskError);
  const pace = options.pace && { pace: options.pace };
  const bodies = createBodyReader({
    limit: { bytes: limits.ingestBodyBytes, variable: 'MAX_INGEST_BODY_BYTES' },
    ...pace,
  });
  const mcpBodies = createBodyReader({
    limit: { bytes: limits.bodyBytes, variable: 'MAX_BODY_BYTES' },
    ...pace,
  });
  const largeOperations = createLimiter(LARGE_AT_ONCE);
  return {
    ...{ bodies, largeOperations },
    direct: createDirectOperations(run, { portions: services.portions, unread }),
    mcp: createMcpEndpoint({ run, maskError, budget, schema, bodies: mcpBodies }),
    exports: createExports({ services, limits, addressOf, maskError }),
    metrics: createMetricsEndpoint(options),
    otlp: createOtlp({ services, maskError, addressOf, budget, bodies, large: largeOperations }),
  };
}
