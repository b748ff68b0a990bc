/** The media types of a response, most preferred first. `*` stands for any of these. */
const KNOWN = [
  'application/graphql-response+json',
  'application/json',
  'text/event-stream',
  'multipart/mixed',
  'text/html',
];

interface Range {
  readonly text: string;
  readonly type: string;
  readonly quality: number;
}

/**
 * Sorts the types of an Accept header by quality and removes those with `q=0`, because Yoga reads
 * the types in order and ignores qualities. A header without qualities stays unchanged.
 */
export function rankAccept(header: string): string {
  if (!/;\s*q\s*=/i.test(header)) return header;
  const ranges = header.split(',').map(readRange);
  const refused = new Set(ranges.filter(({ quality }) => quality === 0).map(({ type }) => type));
  const wanted = ranges
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .flatMap(({ type, text }) => (type.includes('*') && refused.size > 0 ? matching(type, refused) : [text]));
  // An empty header would accept anything.
  return wanted.length === 0 ? 'none/none' : wanted.join(', ');
}

function matching(wildcard: string, refused: ReadonlySet<string>): string[] {
  const prefix = wildcard.startsWith('*') ? '' : wildcard.slice(0, wildcard.indexOf('*'));
  return KNOWN.filter((type) => type.startsWith(prefix) && !refused.has(type));
}

function readRange(part: string): Range {
  const [type = '', ...parameters] = part.split(';').map((text) => text.trim());
  const quality = parameters.find((text) => /^q\s*=/i.test(text))?.replace(/^q\s*=\s*/i, '');
  const others = parameters.filter((text) => !/^q\s*=/i.test(text));
  const number = quality === undefined ? 1 : Number(quality);
  return {
    text: [type, ...others].join(';'),
    type: type.toLowerCase(),
    quality: Number.isFinite(number) ? number : 1,
  };
}

/** Whether an Accept-Encoding header names the encoding with a quality above 0. */
export function acceptsEncoding(header: string, name: string): boolean {
  return header.split(',').some((part) => {
    const [coding, quality] = part.split(';').map((text) => text.trim());
    return coding === name && !/^q=0(\.0*)?$/.test(quality ?? '');
  });
}
