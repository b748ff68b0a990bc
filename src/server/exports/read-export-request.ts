import { allows, type Caller } from '../../access/caller.ts';
import { visibleRows } from '../../access/visible-rows.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { InvalidArgument, TelltaleError } from '../../core/errors.ts';
import { readInstant, readPosition } from '../../transfer/export-position.ts';
import { TEXT_FORMATS, type TextFormat } from '../../transfer/export-text.ts';
import type { ExportScope } from '../../transfer/read-events.ts';

/** The folder of the downloads: `/export/llmCalls.jsonl`. */
export const EXPORT_PATH = '/export/';

/** What a download requests. */
export interface ExportRequest {
  readonly scope: ExportScope;
  readonly format: TextFormat;
}

const PARAMETERS = ['from', 'to', 'cursor', 'limit'];
const MAX_ROWS = 1_000_000_000;

/**
 * Reads the URL of a download, and checks that the caller may have it.
 *
 * @throws TelltaleError NOT_FOUND, FORBIDDEN; InvalidArgument at the parameter
 */
export function readExportRequest(url: string, caller: Caller, datasets: readonly Dataset[]): ExportRequest {
  const [path = '', ...query] = url.split('?');
  const { dataset, format } = readName(path.slice(EXPORT_PATH.length), datasets);
  const filter = filterOf(caller, dataset);
  const parameters = readParameters(new URLSearchParams(query.join('?')));
  const read = <Value>(name: string, parse: (text: string, argument: string) => Value): Value | null => {
    const text = parameters.get(name);
    return text === undefined || text === '' ? null : parse(text, name);
  };
  const scope = {
    dataset,
    projectId: caller.projectId,
    from: read('from', readInstant),
    to: read('to', readInstant),
    after: read('cursor', readPosition),
    limit: read('limit', readLimit),
    filter,
  };
  return { scope, format };
}

function readName(
  name: string,
  datasets: readonly Dataset[],
): { readonly dataset: Dataset; readonly format: TextFormat } {
  const [wanted = '', extension = ''] = name.split('.');
  const dataset = datasets.find((one) => one.name === wanted);
  const format = TEXT_FORMATS.find((one) => one === extension);
  if (dataset !== undefined && format !== undefined && name === `${wanted}.${extension}`)
    return { dataset, format };
  const names = datasets.map((one) => one.name).join(', ');
  throw new TelltaleError(
    'NOT_FOUND',
    `There is no export ${name.slice(0, 100)}. Exports are ${EXPORT_PATH}<dataset>.jsonl and .csv of ${names}.`,
  );
}

/** As for the list of the dataset: requires the scope READ, or a read token that permits it. */
function filterOf(caller: Caller, dataset: Dataset): ExportScope['filter'] {
  if (caller.trustedDocumentsOnly) {
    throw new TelltaleError(
      'FORBIDDEN',
      'This API key, or the whole server, accepts only trusted documents, so exports are not available.',
    );
  }
  if (caller.rows === undefined && !allows(caller, 'READ')) {
    throw new TelltaleError('FORBIDDEN', 'An export needs an API key with the scope READ.');
  }
  return visibleRows(caller, dataset);
}

/** @throws InvalidArgument for an unknown or repeated parameter */
function readParameters(given: URLSearchParams): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, text] of given) {
    if (!PARAMETERS.includes(name)) {
      throw new InvalidArgument(
        `There is no parameter ${name.slice(0, 100)}. There are: ${PARAMETERS.join(', ')}.`,
        name.slice(0, 100),
      );
    }
    if (parameters.has(name)) throw new InvalidArgument(`${name} is given twice.`, name);
    parameters.set(name, text);
  }
  return parameters;
}

function readLimit(text: string, argument: string): number {
  const limit = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (limit >= 1 && limit <= MAX_ROWS) return limit;
  throw new InvalidArgument(
    `"${text.slice(0, 100)}" is not a number of events from 1 to ${MAX_ROWS}.`,
    argument,
  );
}
