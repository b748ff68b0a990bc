import { getOperationAST, OperationTypeNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Analytics } from '../analytics/analytics.ts';
import type { Answer, Scope } from '../analytics/spec.ts';
import type { Interval } from '../core/time/range.ts';
import type { Context } from './context.ts';

/** An answer that does not cover exactly the requested range. Instants as in the schema. */
interface Note {
  readonly dataset: string;
  readonly asked: Stretch;
  /** The range that the numbers cover. */
  readonly answered: Stretch;
  /** The parts for which no stored data is left. */
  readonly missing: readonly Stretch[];
  /** How many boundaries fell inside a cell. Such a cell counts entirely on one side. */
  readonly movedBoundaries: number;
}

interface Stretch {
  readonly from: string;
  readonly to: string;
}

/**
 * Reports queries whose numbers do not cover exactly the requested range because data has expired:
 * `extensions.kept` names the datasets and the ranges. Results such as `providerStats` have no
 * field for this, and nothing may be omitted silently.
 */
export function useKept(): Plugin<Context> {
  return {
    onExecute({ args, extendContext }) {
      const operation = getOperationAST(args.document, args.operationName);
      if (operation?.operation !== OperationTypeNode.QUERY) return;
      const notes = new Map<string, Note>();
      // Other schemas may run without services.
      const { services }: Partial<Context> = args.contextValue;
      if (services === undefined) return;
      const analytics = noting(services.analytics, (note) => notes.set(JSON.stringify(note), note));
      extendContext({ services: { ...services, analytics } });
      return {
        onExecuteDone({ result, setResult }) {
          if (notes.size === 0 || Symbol.asyncIterator in result) return;
          const { extensions, ...rest } = result;
          setResult({ ...rest, extensions: { ...extensions, kept: [...notes.values()] } });
        },
      };
    },
  };
}

function noting(analytics: Analytics, add: (note: Note) => void): Analytics {
  async function noted<Value>(
    scope: Pick<Scope, 'dataset' | 'range'>,
    answering: Promise<Answer<Value>>,
  ): Promise<Answer<Value>> {
    const answer = await answering;
    const { range, missing, moved } = answer.source;
    if (missing.length > 0 || moved.length > 0) {
      add({
        dataset: scope.dataset.name,
        asked: stretch(scope.range),
        answered: stretch(range),
        missing: missing.map(stretch),
        movedBoundaries: moved.length,
      });
    }
    return answer;
  }
  return {
    ...analytics,
    totals: (scope, measures) => noted(scope, analytics.totals(scope, measures)),
    groups: (scope, ...rest) => noted(scope, analytics.groups(scope, ...rest)),
    series: (scope, ...rest) => noted(scope, analytics.series(scope, ...rest)),
    distribution: (scope, ...rest) => noted(scope, analytics.distribution(scope, ...rest)),
    presence: (scope, ...rest) => noted(scope, analytics.presence(scope, ...rest)),
    occurrences: (scope, ...rest) => noted(scope, analytics.occurrences(scope, ...rest)),
    windows: (scope, ...rest) => noted(scope, analytics.windows(scope, ...rest)),
    keptRows: (scope) => noted(scope, analytics.keptRows(scope)),
  };
}

function stretch({ from, to }: Interval): Stretch {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
