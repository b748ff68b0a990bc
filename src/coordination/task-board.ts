import { z } from 'zod';
import { firstCharacters } from '../core/cut-text.ts';
import { defined } from '../core/defined.ts';
import { isObject } from '../core/is-object.ts';
import { namesOf } from '../core/named.ts';
import { cutFields } from './board-fields.ts';

/** A task in the board file. Absent fields leave the stored task unchanged. */
export interface BoardTask {
  readonly taskId: string;
  readonly title?: string;
  readonly status?: string;
  /** Empty: unassigned. */
  readonly assignedTo?: string;
  readonly changedBy?: string;
  /** All other fields, long values cut: see `cutFields`. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The tasks of a board, or what is wrong with it, as the end of a sentence about the file. */
export type BoardReading = { readonly tasks: readonly BoardTask[] } | { readonly problem: string };

/** The names that boards use for a field; the first one present counts. */
const NAMES = {
  taskId: ['id', 'taskId', 'task_id'],
  title: ['title', 'name'],
  status: ['status', 'state'],
  assignedTo: ['assignedTo', 'assigned_to', 'assignee', 'owner'],
  changedBy: ['changedBy', 'changed_by', 'updatedBy', 'updated_by'],
} as const;
/** Fields that change with every change, and are ignored. */
const TIMES = ['updatedAt', 'updated_at', 'lastUpdated', 'last_updated'];
const KNOWN_NAMES: ReadonlySet<string> = new Set([...Object.values(NAMES).flat(), ...TIMES]);

const MAX_TITLE_LENGTH = 500;
const MAX_NAMES_LISTED = 3;

const word = z
  .union([z.string(), z.number()], 'must be text')
  .transform((value) => String(value).trim())
  .pipe(z.string().max(200, 'must have at most 200 characters'));
const TASK = z.object({
  taskId: word.pipe(z.string().min(1, 'must not be empty')),
  title: z
    .union([z.string(), z.number()], 'must be text')
    .nullish()
    .transform((value) => firstCharacters(String(value ?? '').trim(), MAX_TITLE_LENGTH)),
  status: word.nullish(),
  assignedTo: z
    .union([word, z.array(word).transform((names) => names.join(', '))], 'must be a name or a list of names')
    .nullish(),
  changedBy: word.nullish(),
});

/** A task, its path in the file, and the status of the list that contains it. */
interface Entry {
  readonly path: string;
  readonly value: unknown;
  readonly status?: string;
}

/**
 * Reads `task-board.json`: `{ "tasks": [task, …] }`, a bare list of tasks, or lists of tasks by
 * status, such as `{ "todo": [task, …], "done": [] }`, at the top level or as `tasks`. Pure; never
 * throws.
 */
export function readTaskBoard(text: string): BoardReading {
  try {
    const entries = listEntries(JSON.parse(text, cleanText));
    if (entries === null) return { problem: NO_BOARD };
    return readEntries(entries);
  } catch (error) {
    // The JSON is nested deeper than the stack allows: JSON.parse accepts that, the reviver does
    // not.
    if (error instanceof RangeError) return { problem: 'is nested too deeply.' };
    if (error instanceof SyntaxError) return { problem: `is not JSON: ${error.message}.` };
    throw error;
  }
}

const NO_BOARD =
  'contains no tasks: expected { "tasks": [ … ] }, a list of tasks, or lists of tasks by status ' +
  'such as { "todo": [ … ] }.';

/** Removes characters that no database can store in text. */
function cleanText(_name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd');
}

function listEntries(board: unknown): Entry[] | null {
  if (Array.isArray(board)) return board.map((value, index) => ({ path: String(index), value }));
  if (!isObject(board)) return null;
  const { tasks } = board;
  if (tasks === undefined) return entriesByStatus(board, '');
  if (Array.isArray(tasks)) return tasks.map((value, index) => ({ path: `tasks.${index}`, value }));
  return typeof tasks === 'object' && tasks !== null ? entriesByStatus(tasks, 'tasks.') : null;
}

/**
 * The tasks in the lists of the object; other values, such as a version, are ignored. Null if it
 * has no lists.
 */
function entriesByStatus(lists: object, prefix: string): Entry[] | null {
  const found = Object.entries(lists).filter((entry): entry is [string, unknown[]] =>
    Array.isArray(entry[1]),
  );
  if (found.length === 0) return null;
  return found.flatMap(([status, list]) =>
    list.map((value, index) => ({ path: `${prefix}${status}.${index}`, value, status })),
  );
}

function readEntries(entries: readonly Entry[]): BoardReading {
  const tasks = new Map<string, BoardTask>();
  const problems: string[] = [];
  for (const { path, value, status } of entries) {
    const task = readTask(path, value, status);
    if (typeof task === 'string') problems.push(task);
    else if (tasks.has(task.taskId)) problems.push(`${path}: there are two tasks ${task.taskId}`);
    else tasks.set(task.taskId, task);
  }
  if (problems.length === 0) return { tasks: [...tasks.values()] };
  const more = problems.length > MAX_NAMES_LISTED ? ` There are ${problems.length} such problems.` : '';
  return { problem: `is not valid: ${problems.slice(0, MAX_NAMES_LISTED).join('; ')}.${more}` };
}

/**
 * The task, or what is wrong with it. `listed` is the status of the list that contains it, if there
 * are lists by status.
 */
function readTask(path: string, value: unknown, listed: string | undefined): BoardTask | string {
  if (!isObject(value)) {
    return `${path} must be a task such as { "id": "TASK-1", "title": "…", "status": "todo" }`;
  }
  const named = Object.entries(NAMES).map(([field, names]) => [field, fieldOf(value, names)]);
  const parsed = TASK.safeParse({
    ...Object.fromEntries(named),
    ...(listed !== undefined && { status: listed }),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = defined(namesOf(NAMES).find((name) => name === issue?.path[0]));
    return `${path}.${nameIn(value, NAMES[field])} ${issue?.message}`;
  }
  const { taskId, title, status, assignedTo, changedBy } = parsed.data;
  const others = Object.entries(value).filter(([name]) => !KNOWN_NAMES.has(name));
  return {
    taskId,
    ...(title !== '' && { title }),
    ...(status && { status }),
    // Null means unassigned; only an absent field leaves the assignee unchanged.
    ...(assignedTo !== undefined && { assignedTo: assignedTo ?? '' }),
    ...(changedBy && { changedBy }),
    fields: cutFields(others),
  };
}

function fieldOf(entry: Readonly<Record<string, unknown>>, names: readonly string[]): unknown {
  return entry[nameIn(entry, names)];
}

function nameIn(entry: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  return names.find((name) => entry[name] !== undefined) ?? defined(names[0]);
}
