/** The mail server that e-mails are handed to. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** True: TLS from the start. False: STARTTLS, if the server offers it. */
  readonly secure: boolean;
  /** Null: the server needs no login. */
  readonly login: { readonly user: string; readonly password: string } | null;
}

const SUBMISSION_PORT = 587;
const SUBMISSION_PORT_WITH_TLS = 465;

/** A name or an address. */
const HOST = /^[\w.:-]+$/;

/**
 * Reads "smtps://user:password@smtp.acme.example:465"; null if the text is not such a URL. Special
 * characters of user and password are percent-encoded.
 */
export function parseSmtpUrl(text: string): SmtpServer | null {
  if (!/^smtps?:\/\//.test(text) || !URL.canParse(text)) return null;
  const { protocol, hostname, port, pathname, search, hash, username, password } = new URL(text);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!HOST.test(host) || !['', '/'].includes(pathname) || search !== '' || hash !== '') return null;
  if ((username === '') !== (password === '')) return null;
  const login = decodeLogin(username, password);
  if (login === undefined) return null;
  const secure = protocol === 'smtps:';
  const usualPort = secure ? SUBMISSION_PORT_WITH_TLS : SUBMISSION_PORT;
  return { host, port: port === '' ? usualPort : Number(port), secure, login };
}

/** Null: there is no login. Undefined: a percent sign is not followed by two hexadecimal digits. */
function decodeLogin(username: string, password: string): SmtpServer['login'] | undefined {
  if (username === '') return null;
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
