/**
 * An address that every mail server accepts: a dot-atom (RFC 5322) before the @ and a host name
 * after it. `%`, `?` and `#` are excluded because they have another meaning in a URL. So an address
 * cannot contain a space, a line break or anything else that ends a header.
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
 * The addresses of "mailto:ana@acme.example,bo@acme.example"; null if one of them is not valid.
 * Headers such as "?subject=…" are not accepted.
 */
export function readMailto(url: string): readonly string[] | null {
  if (!MAILTO.test(url)) return null;
  const addresses = url.replace(MAILTO, '').split(',');
  return addresses.every(isMailAddress) ? [...new Set(addresses)] : null;
}

/** A sender: an address, and a name, which may be empty. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

const NAMED = /^\s*"?([^"<>\p{Cc}]*?)"?\s*<([^<>]+)>\s*$/u;

/** "alerts@acme.example" or "Telltale <alerts@acme.example>"; null if it is neither. */
export function readMailbox(text: string): Mailbox | null {
  const [, name = '', address = text.trim()] = NAMED.exec(text) ?? [];
  return isMailAddress(address) ? { name, address } : null;
}
