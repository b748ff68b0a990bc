import {
  AliasNode,
  AndNode,
  IdentifierNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  RawNode,
  type SelectQueryNode,
  TableNode,
  WhereNode,
} from 'kysely';
import { CONTINUE } from './stops.ts';

/**
 * A power of two: one row in so many asks whether the statement shall go on. That is some hundred
 * times a second of a scan, and costs nothing that can be measured.
 */
const ROWS_BETWEEN = 4096;

/**
 * Adds a condition that is always true to each select from one of the tables. It asks `CONTINUE`
 * for the rows whose rowid is a multiple of a number, so that a statement that reads many rows can
 * be stopped. The rowids of rows that were stored together follow each other.
 */
export function createStopPoints(tables: ReadonlySet<string>): KyselyPlugin {
  const transformer = new StopPoints(tables);
  return {
    transformQuery: ({ node }) => transformer.transformNode(node),
    transformResult: async ({ result }) => result,
  };
}

class StopPoints extends OperationNodeTransformer {
  readonly #tables: ReadonlySet<string>;

  constructor(tables: ReadonlySet<string>) {
    super();
    this.#tables = tables;
  }

  protected override transformSelectQuery(node: SelectQueryNode): SelectQueryNode {
    const select = super.transformSelectQuery(node);
    const sources = [...(select.from?.froms ?? []), ...(select.joins ?? []).map(({ table }) => table)];
    // The last table of a join is the one whose rows are read most often.
    const name = sources.map((source) => this.#nameOf(source)).findLast((found) => found !== null);
    if (name === undefined || name === null) return select;
    const condition = goesOn(name);
    const where = select.where === undefined ? condition : AndNode.create(select.where.where, condition);
    return { ...select, where: WhereNode.create(where) };
  }

  /** How the select refers to the table; null if it is none of the tables. */
  #nameOf(source: OperationNode): string | null {
    if (AliasNode.is(source)) {
      const { alias } = source;
      return this.#nameOf(source.node) !== null && IdentifierNode.is(alias) ? alias.name : null;
    }
    if (!TableNode.is(source)) return null;
    const { name } = source.table.identifier;
    return this.#tables.has(name) ? name : null;
  }
}

const goesOn = (table: string): OperationNode =>
  RawNode.createWithSql(`("${table}".rowid & ${ROWS_BETWEEN - 1} or ${CONTINUE}())`);
