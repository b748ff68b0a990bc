/** Creates a function that runs work one after another, in the order of the calls. */
export function createSerial(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    // The caller gets the error. The next in line only waits for the end.
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  };
}
