import { createTelltale } from '@telltale/client';
import { after } from 'next/server';

export const telltale = createTelltale({
  url: process.env.TELLTALE_URL ?? 'http://127.0.0.1:4000',
  apiKey: process.env.TELLTALE_KEY,
  service: 'next',
  // Only what `waitUntil` waits for is sent in time.
  flushIntervalMs: 600_000,
  waitUntil: (sent) => after(() => sent),
});
