import { PAGES, type PageEntry, type PagePath } from '../pages/pages.ts';

export interface Match {
  readonly page: PageEntry & { readonly path: PagePath };
  readonly params: Readonly<Record<string, string>>;
}

/** The page at a path, with the variable parts of the path; null if there is none. */
export function match(path: string): Match | null {
  for (const page of PAGES) {
    const params = paramsOf(page.path, path);
    if (params !== null) return { page, params };
  }
  return null;
}

function paramsOf(pattern: string, path: string): Record<string, string> | null {
  const wanted = segments(pattern);
  const given = segments(path);
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [at, segment] of wanted.entries()) {
    const value = given[at] ?? '';
    if (segment.startsWith(':')) params[segment.slice(1)] = decode(value);
    else if (segment !== value) return null;
  }
  return params;
}

const segments = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

/** Text that is not properly encoded stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
