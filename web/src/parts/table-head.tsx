import { type Column, classOf, type Sort } from './column.ts';

interface TableHeadProps<Row> {
  columns: readonly Column<Row>[];
  sort: Sort | null;
  onSort(sort: Sort): void;
}

const WORDS = { asc: 'ascending', desc: 'descending' } as const;

/** The head of a table: the titles of its columns, which sort it if it can be sorted. */
export function TableHead<Row>({ columns, sort, onSort }: TableHeadProps<Row>) {
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const direction = sort?.key === column.key ? sort.direction : undefined;
          return (
            <th
              key={column.key}
              scope="col"
              class={classOf(column)}
              style={{ '--column-width': column.width }}
              title={column.hint}
              aria-sort={column.sortable ? (direction ? WORDS[direction] : 'none') : undefined}
            >
              {column.sortable ? (
                <button type="button" onClick={() => onSort(next(column, direction))}>
                  {column.title}
                  <span class="sort-sign" aria-hidden="true">
                    {direction === undefined ? '' : direction === 'asc' ? '▲' : '▼'}
                  </span>
                </button>
              ) : (
                column.title
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

/** Numbers start with the largest, texts in alphabetical order. */
function next<Row>({ key, unit }: Column<Row>, direction: Sort['direction'] | undefined): Sort {
  const first = unit === undefined ? 'asc' : 'desc';
  if (direction === undefined) return { key, direction: first };
  return { key, direction: direction === 'asc' ? 'desc' : 'asc' };
}
