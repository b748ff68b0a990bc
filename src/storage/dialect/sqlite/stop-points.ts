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
import { TABLE_OF_CELLS } from './cells.ts';
import { CONTINUE } from './stops.ts';

/**
 * A power of two: one row in this many asks whether the statement should continue. In a scan, that
 * is some hundred times a second, and costs nothing measurable.
 */
const ROWS_BETWEEN = 4096;

/**
 * Adds a condition that is always true to each select from one of the tables. It calls `CONTINUE`
 * for rows whose rowid is a multiple of a number, so that a statement that reads many rows can be
 * stopped. Rows that were stored together have consecutive rowids. Cells have no rowids, so for
 * them it is called on random rows.
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
    const table = sources.map((source) => this.#tableOf(source)).findLast((found) => found !== null);
    if (table === undefined || table === null) return select;
    const condition = continues(table);
    const where = select.where === undefined ? condition : AndNode.create(select.where.where, condition);
    return { ...select, where: WhereNode.create(where) };
  }

  /** Null if it is not one of the tables. */
  #tableOf(source: OperationNode): SelectedTable | null {
    if (AliasNode.is(source)) {
      const { alias } = source;
      const table = this.#tableOf(source.node);
      return table !== null && IdentifierNode.is(alias) ? { ...table, alias: alias.name } : null;
    }
    if (!TableNode.is(source)) return null;
    const { name } = source.table.identifier;
    return this.#tables.has(name) ? { table: name, alias: name } : null;
  }
}

interface SelectedTable {
  readonly table: string;
  /** How the select refers to it. */
  readonly alias: string;
}

/**
 * `random()` alone belongs to no table: in a join, SQLite would call it before it reads the rows.
 */
function continues({ table, alias }: SelectedTable): OperationNode {
  const number = table === TABLE_OF_CELLS ? `("${alias}".writer + random())` : `"${alias}".rowid`;
  return RawNode.createWithSql(`(${number} & ${ROWS_BETWEEN - 1} or ${CONTINUE}())`);
}
