import { serverAudits } from 'graphql-http';
import { describe, expect, it } from 'vitest';
import { startServer } from '../support/start-server.ts';

describe('GraphQL over HTTP', () => {
  it('passes every audit that says MUST or SHOULD', async () => {
    await using running = await startServer();
    const audits = serverAudits({ url: running.url.graphql });
    const results = await Promise.all(audits.map((audit) => audit.fn()));
    const binding = results.filter(({ name }) => /^(MUST|SHOULD)/.test(name));
    expect(binding.length).toBeGreaterThan(30);
    expect(binding.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(binding.map(({ id, name }) => `${id} ${name}`).sort()).toMatchSnapshot('the audits that ran');
  });
});
