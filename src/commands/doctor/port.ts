import { once } from 'node:events';
import { createServer } from 'node:net';
import { codeOf, messageOf } from '../../core/thrown.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

/** The doctor does not wait any longer for a server in trouble. */
const PATIENCE_MS = 3_000;

/** What listens at HOST and PORT. */
export type PortState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'not-ready'; readonly reason: string }
  /** Something listens that is not Telltale, or does not answer in time. */
  | { readonly kind: 'other'; readonly reason: string }
  | { readonly kind: 'free' }
  | { readonly kind: 'unusable'; readonly reason: string }
  /** PORT=0: the server chose a port that is not known here. */
  | { readonly kind: 'unknown' };

/** Whether a Telltale listens, ready or not. */
export const isServed = ({ kind }: PortState): boolean => kind === 'ready' || kind === 'not-ready';

/**
 * The address at which this machine reaches a server that listens on HOST: 0.0.0.0 means all
 * addresses.
 */
export function originOf({ host, port }: { readonly host: string; readonly port: number }): string {
  const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

/** Asks who listens. If nobody does, tries for a moment whether we could. */
export async function probePort(address: {
  readonly host: string;
  readonly port: number;
}): Promise<PortState> {
  if (address.port === 0) return { kind: 'unknown' };
  try {
    const response = await fetch(`${originOf(address)}/readyz`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return readAnswer(response.status, await response.text());
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    const isRefused = codeOf(cause) === 'ECONNREFUSED';
    return isRefused ? tryToListen(address) : { kind: 'other', reason: messageOf(cause) };
  }
}

/** Interprets the answer of `/readyz`. Pure. */
export function readAnswer(status: number, text: string): PortState {
  const answer = parse(text);
  if (status === 200 && answer?.status === 'ok') return { kind: 'ready' };
  if (status === 503 && typeof answer?.reason === 'string')
    return { kind: 'not-ready', reason: answer.reason };
  return { kind: 'other', reason: `it answers /readyz with ${status}` };
}

function parse(text: string): { readonly status?: unknown; readonly reason?: unknown } | null {
  try {
    return JSON.parse(text);
  } catch {
    // A different server answers with a page.
    return null;
  }
}

async function tryToListen({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<PortState> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return { kind: 'free' };
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (code === 'EADDRINUSE') return { kind: 'other', reason: 'it refuses connections from here' };
    return { kind: 'unusable', reason: code || messageOf(error) };
  }
}

export function assessPort(
  state: PortState,
  { host, port, mustServe }: { readonly host: string; readonly port: number; readonly mustServe: boolean },
): readonly Finding[] {
  const at = `${host}:${port}`;
  switch (state.kind) {
    case 'ready':
      return [ok('port', `A server is ready at ${at}.`)];
    case 'not-ready':
      return [
        wrong(
          'port',
          `The server at ${at} is not ready: ${state.reason}`,
          'See the lines below and the server log.',
        ),
      ];
    case 'other':
      return [
        wrong(
          'port',
          `Another program uses ${at}, or the server hangs: ${state.reason}.`,
          `Stop it, or set PORT to another one, such as ${port + 1}.`,
        ),
      ];
    case 'unusable':
      return [
        wrong(
          'port',
          `A server cannot listen on ${at} (${state.reason}).`,
          'Set HOST and PORT to an address of this machine and a port above 1023.',
        ),
      ];
    case 'free':
      return [
        mustServe
          ? wrong(
              'port',
              `No server answers at ${at}.`,
              'Start it: telltale serve. If it ended, its log says why.',
            )
          : ok('port', `No server runs at ${at}; the port is free.`),
      ];
    case 'unknown':
      return [
        warning(
          'port',
          'PORT=0 takes a free port, which is not known here.',
          'Set PORT to check a running server.',
        ),
      ];
  }
}
