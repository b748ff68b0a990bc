import { isObject } from '../../../core/is-object.ts';
import type { Event } from '../../import/events.ts';
import { markOf, type SessionFile } from './files.ts';
import { readLines } from './lines.ts';
import type { FileProgress } from './progress-store.ts';
import type { LogOptions, SessionDataset, SessionLog, Workspace } from './session-log.ts';

/** An event whose tags are not known yet. */
export interface FoundEvent {
  readonly dataset: SessionDataset;
  readonly event: Event;
  readonly workspace: Workspace;
}

/** A part of a file: the events in it, and how far it was read. */
export interface FilePart {
  readonly events: readonly FoundEvent[];
  readonly lines: number;
  readonly progress: Omit<FileProgress, 'mark'>;
  /** The problems with lines of the part. */
  readonly problems: readonly { readonly kind: string; readonly line: number }[];
}

export interface FileReading<State> {
  readonly log: SessionLog<State>;
  readonly file: SessionFile;
  /** Where to continue; null: at the beginning. */
  readonly from: FileProgress | null;
  readonly options: LogOptions;
  /** The time, in milliseconds since 1970. */
  readonly now: number;
}

const LINES_PER_PART = 1_000;
const EVENTS_PER_PART = 500;

/**
 * How far the file was read before; null if it must be read from the beginning. A file that is
 * shorter than it was, or has other content, was replaced.
 */
export async function findProgress(
  { path, size }: SessionFile,
  saved: FileProgress | undefined,
): Promise<FileProgress | null> {
  if (saved === undefined || size < saved.position) return null;
  return (await markOf(path, saved.position)) === saved.mark ? saved : null;
}

/** Whether a file has nothing new since it was last read. */
export function isDone({ size, changedAt }: SessionFile, saved: FileProgress | undefined): boolean {
  return saved !== undefined && !saved.waits && saved.changedAt === changedAt && saved.position === size;
}

/** Reads what is new in a file, a part at a time. The last part may have no lines. */
export async function* readFileParts<State>(reading: FileReading<State>): AsyncGenerator<FilePart> {
  const { log, file, from, options, now } = reading;
  // Reading changes the state. The saved one must stay valid in case storing fails.
  const state = from === null ? log.begin() : (structuredClone(from.state) as State);
  let events: FoundEvent[] = [];
  let problems: { kind: string; line: number }[] = [];
  let position = from?.position ?? 0;
  let line = from?.line ?? 0;
  let lines = 0;

  const findings = {
    event(dataset: SessionDataset, event: Event, workspace: Workspace) {
      events.push({ dataset, event: { ...event, service: log.service(state) }, workspace });
    },
    problem: (kind: string) => void problems.push({ kind, line }),
  };
  const session = { state, findings, options };
  function takePart(waits: boolean): FilePart {
    const progress = { position, line, changedAt: file.changedAt, waits, state: structuredClone(state) };
    const part = { events, problems, lines, progress };
    [events, problems, lines] = [[], [], 0];
    return part;
  }

  for await (const { text, end } of readLines(file.path, position, file.size)) {
    position = end;
    line++;
    lines++;
    const value = parseLine(text, findings.problem);
    if (value !== null) log.read(session, value);
    if (lines >= LINES_PER_PART || events.length >= EVENTS_PER_PART) yield takePart(true);
  }
  const waits = log.settle(session, now - file.changedAt);
  yield takePart(waits || position < file.size);
}

/** Null for an empty line, and for a line that is not a JSON object, which is a problem. */
function parseLine(text: string | null, problem: (kind: string) => void) {
  if (text === null) {
    problem('a line of more than 32 MB');
    return null;
  }
  if (text.trim() === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Reported below, because it is not an object either.
  }
  problem('no JSON object');
  return null;
}
