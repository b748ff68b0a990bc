import { checkBetween } from '../../../core/check-between.ts';
import { isAttribute } from '../../../core/dataset/attribute.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import { findDataset } from '../../../core/dataset/find-dataset.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import { readFilter } from '../../../filter/read-filter.ts';
import { MAX_NUMBERS, readOrder } from '../../../graphql/flat/flat-question.ts';
import { readDimensions } from '../../../graphql/flat/named-dimension.ts';
import { readNumber } from '../../../graphql/flat/named-number.ts';
import { COLUMNS, DEFAULT_WIDTH, MAX_GROUPS, type Panel, type PanelInput } from './panel.ts';

const MAX_PANELS = 50;
const MAX_CHARACTERS_OF_TITLE = 200;

/**
 * Converts panels to their stored form.
 *
 * @throws InvalidArgument at the part of a panel that its dataset cannot answer, or its kind cannot
 *   show
 */
export function checkPanels(datasets: readonly Dataset[], panels: readonly PanelInput[]): readonly Panel[] {
  if (panels.length > MAX_PANELS)
    throw new InvalidArgument(
      `A board has at most ${MAX_PANELS} panels, not ${panels.length}.`,
      'input.panels',
    );
  return panels.map((panel, index) => checkPanel(datasets, panel, `input.panels.${index}`));
}

function checkPanel(datasets: readonly Dataset[], input: PanelInput, at: string): Panel {
  const { title, kind, measures, groupBy, filter, orderBy, top, width } = input;
  const panel: Panel = {
    title,
    kind,
    dataset: input.dataset,
    measures,
    groupBy: groupBy ?? [],
    filter: filter ?? null,
    orderBy: orderBy ?? null,
    top: top == null ? null : checkBetween(top, MAX_GROUPS, `${at}.top`),
    width: checkBetween(width ?? DEFAULT_WIDTH, COLUMNS, `${at}.width`),
  };
  const dataset = findDataset(datasets, panel.dataset);
  checkTitle(title, `${at}.title`);
  checkNumbers(dataset, panel, at);
  readDimensions(dataset, panel.groupBy, `${at}.groupBy`);
  readFilter(dataset, panel.filter, `${at}.filter`);
  if (panel.orderBy !== null) readOrder(dataset, panel.orderBy, `${at}.orderBy`);
  checkKind(dataset, panel, at);
  return panel;
}

function checkTitle(title: string, argument: string): void {
  if (title.trim() !== '' && title.length <= MAX_CHARACTERS_OF_TITLE) return;
  throw new InvalidArgument(
    `A title has 1 to ${MAX_CHARACTERS_OF_TITLE} characters, not only spaces.`,
    argument,
  );
}

function checkNumbers(dataset: Dataset, { kind, measures }: Panel, at: string): void {
  if (kind === 'HEATMAP') return;
  if (measures.length < 1 || measures.length > MAX_NUMBERS)
    throw new InvalidArgument(`measures takes 1 to ${MAX_NUMBERS} names, such as "count".`, `${at}.measures`);
  for (const [index, text] of measures.entries()) readNumber(dataset, text, `${at}.measures.${index}`);
}

/** Rejects what the kind of the panel cannot show. */
function checkKind(dataset: Dataset, { kind, measures, groupBy }: Panel, at: string): void {
  if ((kind === 'STAT' || kind === 'HEATMAP') && groupBy.length > 0)
    throw new InvalidArgument(`${kind} shows no groups: omit \`groupBy\`, or choose TABLE.`, `${at}.groupBy`);
  if (kind !== 'HEATMAP') return;
  const [measure, ...others] = measures;
  const isKnown = (name: string) =>
    isAttribute(name) || dataset.measures.some((known) => known.name === name);
  if (measure !== undefined && others.length === 0 && isKnown(measure)) {
    // An attribute is named by its path, which may be malformed.
    if (isAttribute(measure)) readNumber(dataset, `${measure}.sum`, `${at}.measures.0`);
    return;
  }
  const names = dataset.measures.map(({ name }) => name).join(', ');
  throw new InvalidArgument(
    `A HEATMAP of ${dataset.name} shows one measure (${names}) or attribute by its name.`,
    `${at}.measures`,
  );
}
