/**
 * Imports go one way. What a room of src may import besides itself, by the start of the path below
 * src; `types` may be imported with `import type` only. `$own/` is the family of a domain:
 * domains/<family>/.
 *
 * @type {Record<string, { from: string; values: string[]; types?: string[] }>}
 */
const rooms = {
  core: { from: 'core/', values: [] },
  generated: { from: 'generated/', values: [] },
  runtime: { from: 'runtime/', values: ['core/'] },
  prices: { from: 'prices/', values: ['core/'] },
  costs: {
    from: 'costs/',
    values: ['core/', 'prices/', 'declarations/', 'access/', 'storage/', 'rollups/'],
    types: ['runtime/'],
  },
  declarations: { from: 'declarations/', values: ['core/'], types: ['prices/'] },
  config: { from: 'config/', values: ['core/'] },
  live: { from: 'live/', values: ['core/'] },
  storage: { from: 'storage/', values: ['core/', 'generated/'] },
  instances: { from: 'instances/', values: ['core/', 'live/', 'storage/'] },
  backups: { from: 'backups/', values: ['core/'], types: ['runtime/', 'storage/'] },
  columns: { from: 'columns/', values: ['core/', 'storage/'] },
  access: { from: 'access/', values: ['core/', 'storage/', 'filter/'], types: ['runtime/'] },
  filter: { from: 'filter/', values: ['core/', 'storage/'] },
  lists: { from: 'lists/', values: ['core/', 'storage/', 'columns/', 'filter/'] },
  transfer: { from: 'transfer/', values: ['core/', 'storage/', 'filter/', 'lists/'] },
  analytics: {
    from: 'analytics/',
    values: ['core/', 'runtime/', 'storage/', 'columns/', 'filter/'],
    types: ['archive/'],
  },
  rollups: { from: 'rollups/', values: ['core/', 'storage/'], types: ['runtime/'] },
  retention: { from: 'retention/', values: ['core/', 'runtime/', 'storage/', 'rollups/'] },
  archive: {
    from: 'archive/',
    values: ['core/', 'storage/', 'columns/', 'rollups/'],
    types: ['retention/'],
  },
  integrity: {
    from: 'integrity/',
    values: ['core/', 'declarations/', 'storage/', 'columns/', 'access/', 'rollups/'],
  },
  ingest: { from: 'ingest/', values: ['core/', 'storage/', 'live/'] },
  otlp: { from: 'otlp/', values: ['core/'], types: ['runtime/', 'storage/'] },
  coordination: {
    from: 'coordination/',
    values: ['core/', 'declarations/'],
    types: ['storage/', 'ingest/', 'retention/'],
  },
  health: {
    from: 'health/',
    values: ['core/', 'declarations/', 'lists/'],
    types: ['config/', 'runtime/', 'storage/', 'analytics/', 'coordination/'],
  },
  monitoring: {
    from: 'monitoring/',
    values: ['core/', 'declarations/'],
    types: ['runtime/', 'storage/', 'columns/', 'analytics/', 'ingest/'],
  },
  metrics: {
    from: 'metrics/',
    values: ['core/', 'declarations/', 'storage/reading[.]ts$'],
    types: ['runtime/', 'storage/', 'columns/', 'analytics/', 'ingest/', 'monitoring/'],
  },
  telemetry: {
    from: 'telemetry/',
    values: ['core/'],
    types: ['config/', 'storage/', 'metrics/'],
  },
  alerting: {
    from: 'alerting/',
    values: ['core/', 'declarations/', 'runtime/', 'live/', 'storage/', 'filter/', 'analytics/'],
    types: ['retention/'],
  },
  graphql: {
    from: 'graphql/',
    values: ['core/', 'generated/', 'access/', 'live/', 'storage/', 'filter/', 'lists/', 'analytics/'],
    types: [
      'config/',
      'runtime/',
      'costs/',
      'ingest/',
      'instances/',
      'retention/',
      'integrity/',
      'coordination/',
      'alerting/',
      'otlp/',
    ],
  },
  domains: {
    from: 'domains/',
    values: [
      '$own/',
      'core/',
      'declarations/',
      'access/',
      'filter/',
      'lists/',
      'health/',
      'alerting/',
      'otlp/',
      'graphql/',
    ],
    types: [
      'generated/',
      'runtime/',
      'live/',
      'storage/',
      'analytics/',
      'costs/',
      'ingest/',
      'retention/',
      'integrity/',
      'coordination/',
    ],
  },
  schema: { from: 'schema[.]ts$', values: ['core/', 'declarations/', 'graphql/', 'domains/'] },
  mcp: { from: 'mcp/', values: ['core/', 'declarations/', 'storage/package-folder[.]ts$'] },
  server: {
    from: 'server/',
    values: [
      'core/',
      'config/',
      'access/',
      'storage/package-folder[.]ts$',
      'transfer/',
      'otlp/',
      'metrics/',
      'graphql/',
      'mcp/',
      'schema[.]ts$',
    ],
    types: ['ingest/', 'telemetry/'],
  },
  background: { from: 'background[.]ts$', values: ['(?!commands/|main[.]ts$|app[.]ts$)'] },
  services: {
    from: '(compose-)?services[.]ts$',
    values: [
      '(?!commands/|main[.]ts$|app[.]ts$|maintenance[.]ts$|background[.]ts$|schema[.]ts$|graphql/|domains/|server/)',
      'server/(logger|openness)[.]ts$',
    ],
    types: ['graphql/'],
  },
  maintenance: {
    from: 'maintenance[.]ts$',
    values: ['core/', 'declarations/', 'config/', 'storage/', 'columns/', 'rollups/', 'integrity/'],
  },
  app: { from: 'app[.]ts$', values: ['(?!commands/|main[.]ts$)'] },
  commands: {
    from: 'commands/',
    values: [
      'core/',
      'config/',
      'access/',
      'declarations/',
      'storage/',
      'transfer/',
      'columns/copy-path[.]ts$',
      'alerting/',
      'mcp/',
      'schema[.]ts$',
      'services[.]ts$',
      'maintenance[.]ts$',
      'app[.]ts$',
    ],
  },
  main: { from: 'main[.]ts$', values: ['commands/'] },
};

/** Of a domain: the family that the importing module belongs to. */
const ownFolder = 'domains/$1/';

/**
 * @param {[name: string, room: { from: string; values: string[]; types?: string[] }]} layer
 * @returns {import('dependency-cruiser').IForbiddenRuleType[]}
 */
function rules([name, { from, values, types = [] }]) {
  const within = name === 'domains';
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
    ...Object.entries(rooms).flatMap(rules),
    {
      name: 'declarations-without-graphql',
      comment: 'Tools and commands load the declarations alone: they must not pull in what serves them.',
      severity: 'error',
      from: { path: '^src/declarations/' },
      to: { path: '^src/(graphql|server|generated)/', reachable: true },
    },
    {
      name: 'databases-have-names-only-in-dialect',
      comment: 'better-sqlite3 and pg are known to the dialects (and to what runs for them) only.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/storage/' },
      to: { path: 'node_modules/(better-sqlite3(-13)?|pg|@prisma/adapter-[^/]+)/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'client-stands-alone',
      comment: 'The client is published without the server and without packages.',
      severity: 'error',
      from: { path: '^client/src/' },
      to: { pathNot: '^client/src/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'client-runs-everywhere',
      comment: 'Browsers and Workers do not have what Node brings: one module of the client imports it.',
      severity: 'error',
      from: { path: '^client/src/', pathNot: '^client/src/platforms/node[.]ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'client-runs-everywhere-reachable',
      comment: 'Not by a detour either: only the entry for Node may reach it.',
      severity: 'error',
      from: { path: '^client/src/[^/]+[.]ts$', pathNot: '^client/src/node[.]ts$' },
      to: { path: '^client/src/platforms/node[.]ts$', reachable: true },
    },
    {
      name: 'dashboard-asks-the-api-only',
      comment: 'Whatever a page shows, any client can ask.',
      severity: 'error',
      from: { path: '^web/src/' },
      to: { path: '^(src|client|tests|bench|scripts)/' },
    },
    {
      name: 'parts-know-no-data',
      comment: 'Parts and formats take properties: they know neither the API nor the URL.',
      severity: 'error',
      from: { path: '^web/src/(parts|format)/' },
      to: { path: '^web/src/', pathNot: '^web/src/(parts|format|styles)/' },
    },
    {
      name: 'pages-stand-alone',
      comment: 'A page is loaded when it is opened: what two pages share is a module of `pages/shared/`.',
      severity: 'error',
      from: { path: '^web/src/pages/([^/]+)/' },
      to: { path: '^web/src/pages/', pathNot: '^web/src/pages/($1|shared)/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-development-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'every-module-has-a-room',
      comment: 'A new folder of src needs a line in the table above.',
      severity: 'error',
      from: {},
      to: {
        path: '^src/',
        pathNot: Object.values(rooms).map(({ from }) => `^src/${from}`),
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^src/generated/(sqlite|postgresql)/.+/', '^web/src/generated/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.build.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
