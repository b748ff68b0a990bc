import { derivedId } from '../../../core/ids.ts';
import { ConversionError } from '../convert.ts';
import { simplified } from '../events.ts';
import { UsageError } from '../options.ts';
import type { FileRecord } from '../records.ts';
import { helicone } from './helicone.ts';
import { langfuse } from './langfuse.ts';
import { litellm } from './litellm.ts';
import { type Preset, presetRow } from './preset.ts';
import { anthropicUsage, openaiUsage } from './usage.ts';

const PRESETS: readonly Preset[] = [langfuse, helicone, litellm, openaiUsage, anthropicUsage];

export const PRESET_NAMES: readonly string[] = PRESETS.map(({ name }) => name);

/** @throws UsageError if there is no such preset */
export function presetNamed(wanted: string): Preset {
  const preset = PRESETS.find(({ name }) => name === wanted);
  if (preset !== undefined) return preset;
  throw new UsageError(`--preset: there is no ${wanted}. There are: ${PRESET_NAMES.join(', ')}.`);
}

/** The rows of an export as rows with our columns. */
export interface PresetRecords {
  readonly records: AsyncIterable<FileRecord>;
  /** How many rows were left out so far. */
  leftOut(): number;
}

export function readByPreset(
  records: AsyncIterable<FileRecord>,
  preset: Preset,
  timeZone: string,
): PresetRecords {
  let leftOut = 0;
  async function* translated(): AsyncGenerator<FileRecord> {
    let isChecked = false;
    let isEmpty = true;
    for await (const record of records) {
      if (!isChecked && record.problem === undefined) {
        assertFields(preset, Object.keys(record.values));
        isChecked = true;
      }
      const read = record.problem === undefined ? translate(record, preset, timeZone) : record;
      if (read === null) leftOut++;
      else {
        isEmpty = false;
        yield read;
      }
    }
    if (isEmpty && leftOut > 0) throw new UsageError(`Nothing to import: all ${leftOut} ${preset.leftOut}.`);
  }
  return { records: translated(), leftOut: () => leftOut };
}

function assertFields({ name, needs }: Preset, fields: readonly string[]): void {
  const known = new Set(fields.map(simplified));
  const missing = needs.filter((field) => !known.has(simplified(field)));
  if (missing.length === 0) return;
  throw new UsageError(
    `The file is not an export of ${name}: it lacks ${missing.join(', ')}. It has: ` +
      `${fields.join(', ')}. Omit --preset, and map the fields to columns with --map.`,
  );
}

function translate({ line, values }: FileRecord, preset: Preset, timeZone: string): FileRecord | null {
  const row = presetRow(values, timeZone);
  try {
    const call = preset.read(row);
    if (call === null) return null;
    const id = derivedId(`import ${preset.name}`, 'llmCalls', JSON.stringify(preset.identify(row)));
    // All columns in each row, because the first rows decide which ones a CSV has.
    const empty = Object.fromEntries(preset.columns.map((name) => [name, undefined]));
    return { line, values: { id, ...empty, ...call } };
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    return { line, values: {}, problem: error.message };
  }
}
