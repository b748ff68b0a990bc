export type { Telltale } from './client.ts';
export type { FlushResult, Stats } from './counts.ts';
export type { Dataset, EventContext, EventOf, RequestEvent } from './events.ts';
export type { Fetch, FetchInit, FetchResponse, TelltaleOptions } from './options.ts';
export type { Problem } from './problem.ts';
