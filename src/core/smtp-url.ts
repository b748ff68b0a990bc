/** The mail server that e-mails are handed to. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else STARTTLS, where the server offers it. */
  readonly secure: boolean;
  /** Null: it takes e-mails of everybody who reaches it. */
  readonly login: { readonly user: string; readonly password: string } | null;
}

const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };

/** A name or an address. */
const HOST = /^[\w.:-]+$/;

/**
 * The server of "smtps://user:password@smtp.acme.example:465"; null when the text is no such URL.
 * Characters of user and password that a URL cannot hold are percent-encoded.
 */
export function parseSmtpUrl(text: string): SmtpServer | null {
  if (!/^smtps?:\/\//.test(text) || !URL.canParse(text)) return null;
  const { protocol, hostname, port, pathname, search, hash, username, password } = new URL(text);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!HOST.test(host) || !['', '/'].includes(pathname) || search !== '' || hash !== '') return null;
  if ((username === '') !== (password === '')) return null;
  const login = decodeLogin(username, password);
  if (login === undefined) return null;
  return {
    host,
    port: port === '' ? (PORTS[protocol] as number) : Number(port),
    secure: protocol === 'smtps:',
    login,
  };
}

/** Null: there is none; undefined: a percent sign encodes nothing. */
function decodeLogin(username: string, password: string): SmtpServer['login'] | undefined {
  if (username === '') return null;
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
