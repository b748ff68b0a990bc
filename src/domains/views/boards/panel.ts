import { PANEL_KINDS, type PanelKind } from '../../../declarations/views/panel-kinds.ts';
import { enumValues } from '../../../graphql/entities/column-types.ts';
import { datasetName } from '../../../graphql/flat/dataset-name.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** A panel of a board, as it is stored. */
export interface Panel {
  readonly title: string;
  readonly kind: PanelKind;
  readonly dataset: string;
  readonly measures: readonly string[];
  readonly groupBy: readonly string[];
  readonly filter: unknown;
  readonly orderBy: string | null;
  readonly top: number | null;
  readonly width: number;
}

/** A panel as a client sends it. */
export type PanelInput = ReturnType<typeof panelInput>['$inferInput'];

/** The width of a board in columns. */
export const COLUMNS = 12;
export const DEFAULT_WIDTH = 6;
/** A picture of more groups would be unreadable. */
export const MAX_GROUPS = 50;

const WHAT = {
  title: 'The title above the panel, for example "Cost by model".',
  kind: 'How the panel shows its numbers.',
  dataset: 'The dataset that the panel reads.',
  measures:
    'The numbers, 1 to 20, named as in `timeseries`: "count", "errorRate", "cost", ' +
    '"latencyMs.p95", "endUser.distinct". A HEATMAP takes one measure by its name, "latencyMs", or ' +
    'one attribute, "attributes.size".',
  groupBy: 'Dimensions to group by, at most 5: "model", "attributes.region", "tags.team".',
  filter: "Only events that match this filter: an object like the `filter` of the dataset's list. Null: all.",
  orderBy: 'The number to sort the groups by, largest first, named as in `measures`.',
  top: 'Maximum number of groups to show.',
  width: `How many of the ${COLUMNS} columns of the board the panel takes.`,
};

/** `BoardPanel`. */
export function panelType(types: TypeRegistry) {
  return types.builder.objectRef<Panel>('BoardPanel').implement({
    description:
      'A question about a dataset, and how to show the answer. `timeseries` and `table` take the same ' +
      'names: their arguments are `dataset`, `measures`, `groupBy`, `filter` and `orderBy` of the panel, and a range.',
    fields: (t) => ({
      title: t.exposeString('title', { description: WHAT.title }),
      kind: t.expose('kind', { type: panelKind(types), description: WHAT.kind }),
      dataset: t.field({
        type: datasetName(types),
        description: WHAT.dataset,
        resolve: ({ dataset }) => dataset,
      }),
      measures: t.exposeStringList('measures', { description: WHAT.measures }),
      groupBy: t.exposeStringList('groupBy', { description: WHAT.groupBy }),
      filter: t.expose('filter', { type: 'JSON', nullable: true, description: WHAT.filter }),
      orderBy: t.exposeString('orderBy', {
        nullable: true,
        description: `${WHAT.orderBy} Null: the first of \`measures\` that is a count or a sum.`,
      }),
      top: t.exposeInt('top', { nullable: true, description: `${WHAT.top} Null: as many as fit.` }),
      width: t.exposeInt('width', { description: WHAT.width }),
    }),
  });
}

/** `BoardPanelInput`. */
export function panelInput(types: TypeRegistry) {
  return types.once('BoardPanelInput', (builder) =>
    builder.inputType('BoardPanelInput', {
      description:
        'A panel of a board. Its question is checked against the dataset, like that of an alert rule.',
      fields: (t) => ({
        title: t.string({ required: true, description: WHAT.title }),
        kind: t.field({ type: panelKind(types), required: true, description: WHAT.kind }),
        dataset: t.field({ type: datasetName(types), required: true, description: WHAT.dataset }),
        measures: t.stringList({ required: true, description: WHAT.measures }),
        groupBy: t.stringList({ description: `${WHAT.groupBy} Not for STAT and HEATMAP. Default: none.` }),
        filter: t.field({ type: 'JSON', description: WHAT.filter }),
        orderBy: t.string({ description: WHAT.orderBy }),
        top: t.int({ description: `${WHAT.top} 1 to ${MAX_GROUPS}. Default: as many as fit.` }),
        width: t.int({ description: `${WHAT.width} Default: ${DEFAULT_WIDTH}.` }),
      }),
    }),
  );
}

function panelKind(types: TypeRegistry) {
  return types.once('BoardPanelKind', (builder) =>
    builder.enumType('BoardPanelKind', {
      description: 'How a panel of a board shows its numbers.',
      values: enumValues(PANEL_KINDS),
    }),
  );
}
