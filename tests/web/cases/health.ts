import { expect } from 'vitest';
import { formatValue } from '../../../web/src/format/value.ts';
import { graphql } from '../../generated/gql.ts';
import { inRange, type PageCase } from '../support/page-case.ts';

const Health = graphql(/* GraphQL */ `
  query HealthOfPage {
    health { status reasons services { service cpuUsage } }
    slos(first: 10) { nodes { name status { compliance } } }
  }
`);

const Sample = graphql(/* GraphQL */ `
  mutation SampleForPage($samples: [HealthSampleInput!]!) {
    recordHealthSamples(input: $samples) { accepted }
  }
`);

export const health: PageCase = {
  name: 'health',
  path: inRange('/health'),
  async check({ page, running }) {
    const { health: now, slos } = await running.ask(Health);
    const panel = (name: string) => page.getByRole('region', { name, exact: true });
    await expect.poll(() => panel('Now').textContent()).toContain(now.status.toLowerCase());
    for (const reason of now.reasons) expect(await panel('Now').textContent()).toContain(reason);
    const services = panel('Services').locator('tbody tr');
    await expect.poll(() => services.count()).toBe(Math.max(now.services.length, 1));
    const [slo] = slos.nodes;
    await expect
      .poll(() => panel('Service level objectives').textContent())
      .toContain(formatValue(slo?.status.compliance, 'ratio'));

    // Its path is also that of Yoga's health check: a browser gets the page, others the check.
    const load = async (accept: string) =>
      (await fetch(new URL('/health', running.url), { headers: { accept } })).text();
    expect(await load('text/html')).toContain('<title>Telltale');
    expect(await load('*/*')).toBe('');

    // A report of a service appears without a reload.
    const samples = [{ service: 'press', overallStatus: 'DEGRADED' as const, cpuUsage: 42 }];
    await running.ask(Sample, { samples });
    const press = services.filter({ hasText: 'press' });
    await expect
      .poll(() => press.textContent(), { timeout: 10_000 })
      .toContain(formatValue(0.42, 'ratio', 'column'));
    expect(await press.textContent()).toContain('degraded');
  },
};
