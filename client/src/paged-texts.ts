const PAGE_BYTES = 128 * 1024;
/** Further pages are released: a queue that was long once no longer needs them. */
const MAX_SPARE_PAGES = 4;
/** The most UTF-8 bytes per code unit of a string. */
const BYTES_PER_UNIT = 3;
/** Before each text: its kind in one byte, its length in four. */
const HEADER_BYTES = 5;

interface Page {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  used: number;
  /** How many of its texts are still in use. */
  texts: number;
}

/** A UTF-8 text in a page, until it is freed. */
export interface PagedText {
  /** The number from 0 to 255 that was stored with it. */
  readonly kind: number;
  readonly page: Page;
  readonly start: number;
  readonly end: number;
}

export const bytesOf = ({ page, start, end }: PagedText): Uint8Array => page.bytes.subarray(start, end);

export const lengthOf = ({ start, end }: PagedText): number => end - start;

/**
 * A queue of texts, stored as bytes in large, reused pages. As objects, dropped texts would live
 * too long to be collected early, and the garbage collector would keep them long afterwards.
 */
export interface PagedTexts {
  readonly length: number;
  /** Adds a text. Returns its length in UTF-8. */
  push(kind: number, text: string): number;
  /** The oldest text, which stays. */
  peek(): PagedText | undefined;
  /** Removes and returns the oldest text. It is kept until it is freed. */
  shift(): PagedText | undefined;
  free(text: PagedText): void;
  /** Empties the queue. Texts taken from it must not be used any more. */
  clear(): void;
}

export function createPagedTexts(): PagedTexts {
  const encoder = new TextEncoder();
  const spare: Page[] = [];
  /** The first page is read at `head`, the last is written. */
  let pages = [newPage(PAGE_BYTES)];
  let head = 0;
  let length = 0;

  function tryWrite(page: Page, kind: number, text: string): number | null {
    const start = page.used + HEADER_BYTES;
    if (start > page.bytes.length) return null;
    const { read, written } = encoder.encodeInto(text, page.bytes.subarray(start));
    if (read < text.length) return null;
    page.view.setUint8(page.used, kind);
    page.view.setUint32(page.used + 1, written);
    page.used = start + written;
    page.texts++;
    return written;
  }

  function openPage(text: string): Page {
    const most = HEADER_BYTES + text.length * BYTES_PER_UNIT;
    const page = (most <= PAGE_BYTES ? spare.pop() : undefined) ?? newPage(Math.max(PAGE_BYTES, most));
    pages.push(page);
    return page;
  }

  function peek(): PagedText | undefined {
    let page = pages[0];
    while (page !== undefined && head === page.used && pages.length > 1) {
      pages.shift();
      recycle(page);
      head = 0;
      page = pages[0];
    }
    if (page === undefined || head === page.used) return undefined;
    const start = head + HEADER_BYTES;
    return { kind: page.view.getUint8(head), page, start, end: start + page.view.getUint32(head + 1) };
  }

  /** A page that nobody reads or writes becomes empty when none of its texts is in use. */
  function recycle(page: Page): void {
    if (page.texts > 0 || pages.includes(page)) return;
    page.used = 0;
    if (page.bytes.length === PAGE_BYTES && spare.length < MAX_SPARE_PAGES) spare.push(page);
  }

  return {
    get length() {
      return length;
    },
    push(kind, text) {
      const last = pages[pages.length - 1];
      const written = (last && tryWrite(last, kind, text)) ?? tryWrite(openPage(text), kind, text) ?? 0;
      length++;
      return written;
    },
    peek,
    shift() {
      const text = peek();
      if (text === undefined) return undefined;
      head = text.end;
      length--;
      return text;
    },
    free({ page }) {
      page.texts--;
      if (page.texts > 0) return;
      if (page !== pages[0]) return recycle(page);
      // Everything in it was read, so writing restarts at its beginning.
      page.used = 0;
      head = 0;
    },
    clear() {
      pages = [newPage(PAGE_BYTES)];
      [head, length] = [0, 0];
    },
  };
}

function newPage(size: number): Page {
  const bytes = new Uint8Array(size);
  return { bytes, view: new DataView(bytes.buffer), used: 0, texts: 0 };
}
