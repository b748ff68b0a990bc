import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';

const ColumnsQuery = graphql(`
  query ColumnsOfEvents($type: String!) {
    __type(name: $type) {
      fields {
        name
        args { name }
        type { kind name ofType { kind name } }
      }
    }
  }
`);

/** Said by every event and of no use in a list. */
const LEFT_OUT = new Set(['uuid', 'timestamp', 'receivedAt', 'ingestedAt']);

/** The names of the plain columns of an event, without those that are long or lead elsewhere. */
export function useColumns(prefix: string): readonly string[] {
  const { data } = useQuery(ColumnsQuery, () => ({ type: prefix }));
  return (data?.__type?.fields ?? [])
    .filter(({ name, args, type }) => {
      const { kind, name: typeName } = type.kind === 'NON_NULL' && type.ofType ? type.ofType : type;
      const isPlain = kind === 'ENUM' || (kind === 'SCALAR' && typeName !== 'JSON' && typeName !== 'Tags');
      return isPlain && args.length === 0 && name !== 'id' && !LEFT_OUT.has(name);
    })
    .map(({ name }) => name);
}
