/**
 * `npm run bench:limits`: what is expensive for the server, and what other clients notice
 * meanwhile.
 */
await import('./limits/transport.ts');
await import('./limits/prices.ts');
await import('./limits/queries.ts');
await import('./limits/answers.ts');
await import('./limits/subscriptions.ts');
