/** A client of a live tail, over server-sent events. */
export interface LiveTail extends AsyncDisposable {
  /** How many events it has received. */
  readonly events: number;
}

const SUBSCRIPTION = 'subscription { llmCallRecorded { id } }';

export async function followLive(url: string): Promise<LiveTail> {
  const controller = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: SUBSCRIPTION }),
    signal: controller.signal,
  });
  let events = 0;
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) {
      events += decoder.decode(bytes, { stream: true }).split('event: next').length - 1;
    }
  })().catch((error) => {
    if (!controller.signal.aborted) throw error;
  });
  return {
    get events() {
      return events;
    },
    async [Symbol.asyncDispose]() {
      controller.abort();
      await reading;
    },
  };
}
