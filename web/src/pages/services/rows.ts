type Optional = number | null | undefined;

interface Groups<Stats> {
  readonly groups: readonly {
    readonly dimensions: { readonly service?: string | null };
    readonly stats: Stats;
  }[];
}

interface Services {
  readonly requestLogAnalytics: Groups<{
    readonly count: number;
    readonly errorRate?: Optional;
    readonly latencyMs: { readonly p50?: Optional; readonly p95?: Optional; readonly p99?: Optional };
  }>;
  readonly calls: Groups<{ readonly count: number; readonly cost: { readonly sum?: Optional } }>;
  readonly errors: Groups<{ readonly count: number }>;
}

/** A row for each service that requests, model calls or errors name. */
export function rowsOf({ requestLogAnalytics, calls, errors }: Services) {
  const [byRequests, byCalls, byErrors] = [
    byService(requestLogAnalytics),
    byService(calls),
    byService(errors),
  ];
  const names = new Set([...byRequests.keys(), ...byCalls.keys(), ...byErrors.keys()]);
  return [...names].map((service) => {
    const requests = byRequests.get(service);
    return {
      service,
      requests: requests?.count ?? 0,
      errorRate: requests?.errorRate,
      p50: requests?.latencyMs.p50,
      p95: requests?.latencyMs.p95,
      p99: requests?.latencyMs.p99,
      errors: byErrors.get(service)?.count ?? 0,
      calls: byCalls.get(service)?.count ?? 0,
      cost: byCalls.get(service)?.cost.sum,
    };
  });
}

const byService = <Stats>({ groups }: Groups<Stats>): Map<string, Stats> =>
  new Map(groups.map(({ dimensions, stats }) => [dimensions.service ?? '', stats]));
