/**
 * An address as mail servers take it without extensions: a dot-atom of RFC 5322 before the @, but
 * for %, ? and #, which mean something else in a URL, and a host name behind it. So it holds no
 * space, no line break and nothing else that ends a header.
 */
const ADDRESS =
  /^[\w!$&'*+/=^`{|}~-]+(?:\.[\w!$&'*+/=^`{|}~-]+)*@[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?(?:\.[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?)*$/;
/** RFC 5321, section 4.5.3.1. */
const [LOCAL_CHARACTERS, ADDRESS_CHARACTERS] = [64, 254];

export function isMailAddress(text: string): boolean {
  return text.length <= ADDRESS_CHARACTERS && text.indexOf('@') <= LOCAL_CHARACTERS && ADDRESS.test(text);
}

const MAILTO = /^mailto:/i;

/**
 * The addresses of "mailto:ana@acme.example,bo@acme.example"; null when one of them is none. A
 * subject or another header behind a question mark is not taken: it would be a header that whoever
 * writes the URL chooses.
 */
export function readMailto(url: string): readonly string[] | null {
  if (!MAILTO.test(url)) return null;
  const addresses = url.replace(MAILTO, '').split(',');
  return addresses.every(isMailAddress) ? [...new Set(addresses)] : null;
}

/** Who sends: an address, and maybe a name. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

const NAMED = /^\s*"?([^"<>\p{Cc}]*?)"?\s*<([^<>]+)>\s*$/u;

/** "alerts@acme.example" or "Telltale <alerts@acme.example>"; null when it is neither. */
export function readMailbox(text: string): Mailbox | null {
  const [, name = '', address = text.trim()] = NAMED.exec(text) ?? [];
  return isMailAddress(address) ? { name, address } : null;
}
