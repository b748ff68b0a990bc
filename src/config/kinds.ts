import { z } from 'zod';
import { type Mailbox, readMailbox } from '../core/mail-address.ts';
import { type Network, parseNetwork } from '../core/networks.ts';
import { parseSmtpUrl, type SmtpServer } from '../core/smtp-url.ts';

/** A kind of value. */
export interface Kind<Value> {
  readonly unit: string;
  /** Describes a valid value. Completes the sentence "… must be". */
  readonly expected: string;
  readonly schema: z.ZodType<Value, string>;
}

export function wholeNumber(unit: string, min: number, max: number): Kind<number> {
  const schema = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max));
  return { unit, expected: `a whole number from ${min} to ${max}`, schema };
}

function decimal(unit: string, max: number): Kind<number> {
  const schema = z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .pipe(z.number().min(0).max(max));
  return { unit, expected: `a number from 0 to ${max}`, schema };
}

export const share = (unit: string): Kind<number> => decimal(unit, 1);
export const percentage = (): Kind<number> => decimal('percent', 100);

export function oneOf<const Name extends string>(...names: readonly Name[]): Kind<Name> {
  return { unit: 'name', expected: `one of ${names.join(', ')}`, schema: z.enum(names) };
}

export function text(unit: string, expected: string, pattern = /./): Kind<string> {
  return { unit, expected, schema: z.string().regex(pattern) };
}

/** A value that `parse` reads. `parse` returns null if the text is not valid. */
export function parsed<Value>(
  unit: string,
  expected: string,
  parse: (text: string) => Value | null,
): Kind<Value> {
  const schema = z.string().transform((text, check): Value => {
    const value = parse(text);
    if (value !== null) return value;
    check.addIssue(`it is not ${expected}`);
    return z.NEVER;
  });
  return { unit, expected, schema };
}

export const smtpServer = (): Kind<SmtpServer> =>
  parsed(
    'URL',
    'smtps://user:password@host:port or smtp://host:port, with special characters of user and ' +
      'password percent-encoded',
    parseSmtpUrl,
  );

export const mailbox = (): Kind<Mailbox> =>
  parsed('address', 'an address such as alerts@acme.example or Telltale <alerts@acme.example>', readMailbox);

/** A list separated by commas. Spaces around a comma are ignored. */
export function networks(): Kind<readonly Network[]> {
  const schema = z.string().transform((list, check): readonly Network[] => {
    const parsed = list.split(',').map((one) => parseNetwork(one.trim()));
    const known = parsed.filter((network) => network !== null);
    if (known.length === parsed.length) return known;
    check.addIssue('one of them is not a network');
    return z.NEVER;
  });
  const expected =
    'a comma-separated list of IP addresses and networks, such as 10.0.0.5,192.168.0.0/16,fd00::/8';
  return { unit: 'addresses', expected, schema };
}

/** A list of the origins of web pages, in the form in which browsers send them. */
export function origins(): Kind<readonly string[]> {
  const schema = z.string().transform((list, check): readonly string[] => {
    const given = list.split(',').map((one) => one.trim());
    if (given.every(isOrigin)) return given;
    check.addIssue('one of them is not an origin');
    return z.NEVER;
  });
  const expected =
    'a comma-separated list of origins in lower case without a path, such as ' +
    'https://app.acme.example,http://localhost:3000';
  return { unit: 'origins', expected, schema };
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
