/** The flags of commands that listen, as alternatives to HOST and PORT. */
export const LISTENING_ARGUMENTS = {
  host: { type: 'string', description: 'Address to listen on; default: HOST' },
  port: { type: 'string', description: 'Port to listen on; default: PORT' },
} as const;

/** The environment, with variables overridden by the flags. */
export function withListening(
  environment: Readonly<Record<string, string | undefined>>,
  { host, port }: { readonly host?: string | undefined; readonly port?: string | undefined },
): Record<string, string | undefined> {
  return { ...environment, HOST: host || environment['HOST'], PORT: port || environment['PORT'] };
}
