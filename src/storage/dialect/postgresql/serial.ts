/** Runs work one after another, in the order in which it was asked for. */
export function createSerial(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    // The caller gets the failure; the next in line only waits for the end.
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  };
}
