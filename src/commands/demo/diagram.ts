import { defined } from '../../core/defined.ts';
import type { Random } from './random.ts';

/** A building block of a diagram, with the labels to choose from. */
interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly note: string;
}

const BLOCKS: Readonly<Record<string, Block>> = {
  entry: {
    type: 'gateway',
    labels: ['API gateway', 'Edge load balancer', 'CDN with a web application firewall'],
    note: 'terminates TLS and limits the request rate per client',
  },
  worker: {
    type: 'service',
    labels: ['Order service', 'Thumbnail worker', 'Ingest service', 'Pricing service', 'Notification worker'],
    note: 'stateless, scales with the queue depth',
  },
  queue: {
    type: 'queue',
    labels: ['Kafka topic', 'SQS queue', 'NATS stream', 'RabbitMQ exchange'],
    note: 'at-least-once delivery, with a dead-letter queue',
  },
  database: {
    type: 'database',
    labels: ['PostgreSQL cluster', 'MySQL with read replicas', 'DynamoDB table', 'Cassandra ring'],
    note: 'nightly backups, point-in-time recovery for seven days',
  },
  cache: {
    type: 'cache',
    labels: ['Redis cache', 'Memcached', 'Edge key-value store'],
    note: 'entries expire after five minutes',
  },
  storage: {
    type: 'storage',
    labels: ['S3 bucket', 'Blob storage', 'Data lake on Parquet'],
    note: 'versioned, archived to cold storage after 90 days',
  },
  identity: {
    type: 'identity',
    labels: ['OpenID Connect provider', 'API key vault'],
    note: 'keys rotate every 30 days',
  },
};

interface Scenario {
  readonly weight: number;
  readonly name: string;
  readonly purpose: string;
  readonly blocks: readonly string[];
  readonly tags: readonly string[];
}

const SCENARIOS: readonly Scenario[] = [
  {
    weight: 5,
    name: 'Checkout with fraud screening',
    purpose: 'Takes orders, screens them for fraud and charges the card.',
    blocks: ['entry', 'worker', 'queue', 'database', 'identity'],
    tags: ['payments', 'pci'],
  },
  {
    weight: 4,
    name: 'Photo upload pipeline',
    purpose: 'Stores photos, generates thumbnails and notifies followers.',
    blocks: ['entry', 'storage', 'queue', 'worker', 'cache'],
    tags: ['media', 'event-driven'],
  },
  {
    weight: 3,
    name: 'Telemetry ingest',
    purpose: 'Collects telemetry from devices and makes it searchable within a minute.',
    blocks: ['entry', 'queue', 'worker', 'storage', 'database'],
    tags: ['iot', 'event-driven', 'analytics'],
  },
  {
    weight: 3,
    name: 'Knowledge search for support agents',
    purpose: 'Finds answers in manuals and past tickets, with citations.',
    blocks: ['entry', 'worker', 'database', 'cache'],
    tags: ['rag', 'search'],
  },
  {
    weight: 2,
    name: 'Single sign-on for partners',
    purpose: 'Lets partners sign in with their company accounts.',
    blocks: ['entry', 'identity', 'database', 'cache'],
    tags: ['identity', 'security'],
  },
  {
    weight: 1,
    name: 'Disaster recovery in a second region',
    purpose: 'Keeps a warm copy of everything, ready within fifteen minutes.',
    blocks: ['entry', 'worker', 'database', 'storage'],
    tags: ['resilience', 'multi-region'],
  },
];

const KINDS = [
  { weight: 5, kind: 'aws' },
  { weight: 3, kind: 'c4' },
  { weight: 2, kind: 'sequence' },
  { weight: 1, kind: 'kubernetes' },
];

/** Draws the kind of a requested diagram. */
export const drawKind = (random: Random): string => random.weighted(KINDS).kind;

/** Draws an architecture as a model would return it: nodes and edges of one scenario. */
export function drawArchitecture(random: Random, kind: string) {
  const { name, purpose, blocks, tags } = random.weighted(SCENARIOS);
  const nodes = blocks.map((block, index) => {
    const { type, labels, note } = defined(BLOCKS[block]);
    return { id: `n${index + 1}`, type, label: random.pick(labels), note };
  });
  const edges = nodes.slice(1).map(({ id }, index) => ({
    from: `n${random.integer(1, index + 1)}`,
    to: id,
    label: random.pick(['HTTPS', 'gRPC', 'events', 'reads and writes']),
  }));
  return {
    name,
    description: `${purpose} ${nodes.length} components, as ${kind === 'aws' ? 'an' : 'a'} ${kind} diagram.`,
    spec: { kind, title: name, nodes, edges, budgetUsdPerMonth: random.integer(2, 60) * 100 },
    tags: [...tags, kind],
  };
}
