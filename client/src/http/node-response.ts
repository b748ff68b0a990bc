import { CLIENT_LEFT } from './request.ts';

/** The used part of a `node:http` response. */
export interface NodeResponse {
  readonly statusCode: number;
  readonly writableFinished: boolean;
  once(event: 'close', listener: () => void): unknown;
}

/** The used part of a `node:http` request. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Calls back with the status when the response was sent, or its client has disconnected. */
export function whenAnswered(response: NodeResponse, done: (statusCode: number) => void): void {
  response.once('close', () => done(response.writableFinished ? response.statusCode : CLIENT_LEFT));
}

export const userAgentOf = ({ headers }: NodeRequest): string | undefined =>
  headers['user-agent']?.toString();
