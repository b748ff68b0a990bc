/**
 * Imports go one way. What a folder of src may import, by the start of the path below src; its own folder always.
 * `types` may be imported with `import type` only.
 *
 * @type {Record<string, { from: string; values: string[]; types?: string[] }>}
 */
const layers = {
  core: { from: 'core/', values: [] },
  generated: { from: 'generated/', values: [] },
  client: { from: 'client/', values: [] },
  config: { from: 'config/', values: ['core/'] },
  live: { from: 'live/', values: ['core/'] },
  storage: { from: 'storage/', values: ['core/', 'generated/'] },
  rollups: { from: 'rollups/', values: ['core/', 'storage/'] },
  retention: { from: 'retention/', values: ['core/', 'storage/', 'rollups/'] },
  query: { from: 'query/', values: ['core/', 'storage/'] },
  alerting: { from: 'alerting/', values: ['core/', 'storage/', 'query/', 'live/'] },
  ingest: { from: 'ingest/', values: ['core/', 'storage/', 'rollups/', 'live/'] },
  coordination: {
    from: 'coordination/',
    // What the files say becomes events of the agents: of these datasets it knows the declarations.
    values: ['core/', 'domains/agents/[^/]+/definition[.]ts$'],
    types: ['ingest/', 'storage/', 'retention/', 'domains/agents/task-event-type[.]ts$'],
  },
  graphql: {
    from: 'graphql/',
    // Lists and analytics share the one compiler of filters to SQL; series and the fields of an object add up their sources alike.
    values: ['core/', 'generated/', 'storage/', 'query/where[.]ts$', 'query/merge-sources[.]ts$'],
    types: ['ingest/', 'query/', 'live/', 'retention/', 'config/', 'coordination/', 'alerting/'],
  },
  definition: { from: 'domains/.+/definition[.]ts$', values: ['core/', '$own/'] },
  domains: {
    from: 'domains/(?!.+/definition[.]ts$)',
    // A declaration is data; a summary or the health of the whole reads those of other entities. The order of severities is data
    // too, and so is how deliveries are claimed.
    values: [
      'core/',
      'graphql/',
      '$own/',
      'domains/.+/definition[.]ts$',
      'alerting/(severity|delivery/claims)[.]ts$',
    ],
    types: [
      'generated/',
      'storage/',
      'ingest/',
      'query/',
      'live/',
      'retention/',
      'coordination/',
      'alerting/',
    ],
  },
  registry: { from: 'registry[.]ts$', values: ['core/', 'domains/'] },
  schema: { from: 'schema[.]ts$', values: ['core/', 'domains/', 'graphql/', 'registry[.]ts$'] },
  server: { from: 'server/', values: ['config/', 'schema[.]ts$', 'graphql/', 'core/'] },
  background: { from: 'background[.]ts$', values: ['(?!commands/|main[.]ts$|app[.]ts$)'] },
  app: { from: 'app[.]ts$', values: ['(?!commands/|main[.]ts$)'] },
  commands: {
    from: 'commands/',
    // The demo's rules have raised alerts in its month.
    values: [
      'app[.]ts$',
      'config/',
      'registry[.]ts$',
      'schema[.]ts$',
      'storage/',
      'core/',
      'alerting/rules/raise-past[.]ts$',
    ],
  },
  main: { from: 'main[.]ts$', values: ['commands/'] },
};

/** The folder of the entity: domains/<family>/<entity>, or domains/<family> for what its entities share. */
const ownFolder = 'domains/$1/';

/**
 * @param {[name: string, layer: { from: string; values: string[]; types?: string[] }]} layer
 * @returns {import('dependency-cruiser').IForbiddenRuleType[]}
 */
function rules([name, { from, values, types = [] }]) {
  const within = name === 'domains' || name === 'definition';
  const path = within ? `^src/(?=domains/([^/]+)/)${from}` : `^src/${from}`;
  const own = within || from.endsWith('$') ? [] : [from];
  /** @param {string[]} starts */
  const allowed = (starts) => starts.map((start) => `^src/${start.replace('$own/', ownFolder)}`);
  /** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
  const found = [
    {
      name: `${name}-imports`,
      severity: 'error',
      from: { path },
      to: { path: '^src/', pathNot: allowed([...own, ...values, ...types]) },
    },
  ];
  if (types.length > 0) {
    found.push({
      name: `${name}-imports-types-only`,
      severity: 'error',
      from: { path },
      to: { path: allowed(types), pathNot: allowed(values), dependencyTypesNot: ['type-only'] },
    });
  }
  return found;
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...Object.entries(layers).flatMap(rules),
    {
      name: 'declarations-without-graphql',
      comment:
        'Worker threads load the declarations of the datasets: they must not pull in the GraphQL layer.',
      severity: 'error',
      from: { path: '^src/domains/.+/definition[.]ts$' },
      to: { path: '^src/(graphql|server|generated)/', reachable: true },
    },
    {
      name: 'databases-have-names-only-in-dialect',
      comment: 'better-sqlite3 and pg are known to the dialects (and to what runs for them) only.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/storage/' },
      to: { path: 'node_modules/(better-sqlite3|pg|@prisma/adapter-[^/]+)/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-development-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'every-module-has-a-layer',
      comment: 'A new folder of src needs a line in the table above.',
      severity: 'error',
      from: {},
      to: {
        path: '^src/',
        pathNot: Object.values(layers).map(({ from }) => `^src/${from}`),
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/generated/(sqlite|postgresql)/.+/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.build.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
