import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { graphql } from '../../data/graphql.ts';
import { useLive } from '../../data/live.ts';
import { useQuery } from '../../data/use-query.ts';
import { notify } from '../../parts/toast.tsx';
import { SEVERITY_TONES } from '../shared/tones.ts';

const Newest = graphql(`
  query NewestAlert {
    alerts(first: 1, orderBy: { field: SEQUENCE, direction: DESC }) { nodes { id } }
  }
`);

const Raised = graphql(`
  subscription AlertsRaised($since: ID) {
    alertRaised(since: $since) { id title severity }
  }
`);

const Changed = graphql(`
  subscription AlertsChanged {
    alertChanged { id }
  }
`);

/**
 * Announces each alert raised from now on once, including those raised while the connection is
 * lost: the server gets the id of the last seen alert.
 *
 * @param onChange called when an alert was raised or has changed
 */
export function useAlertChanges(onChange: () => void): void {
  const { data } = useQuery(Newest, () => ({}));
  const isKnown = useSignal(false);
  const last = useRef<string | null>(null);
  useEffect(() => {
    if (data === undefined || isKnown.value) return;
    last.current = data.alerts.nodes[0]?.id ?? null;
    isKnown.value = true;
  }, [data]);
  const since = {
    // Read each time the socket connects.
    get since() {
      return last.current;
    },
  };
  useLive(Raised, () => (isKnown.value ? since : null), {
    onEvent: ({ alertRaised: { id, title, severity } }) => {
      last.current = id;
      notify(`New alert: ${title}`, SEVERITY_TONES[severity]);
      onChange();
    },
    // The last seen alert may have expired, or belong to another project. Then this starts from now
    // on.
    onError: (_, code) => {
      if (code === 'NOT_FOUND') last.current = null;
      onChange();
    },
  });
  useLive(Changed, () => ({}), { onEvent: onChange, onResumed: onChange });
}
