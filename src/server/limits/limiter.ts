/** Lets at most a fixed number of tasks run at a time. The others wait in call order. */
export type Limiter = <Result>(task: () => Promise<Result>) => Promise<Result>;

export function createLimiter(atOnce: number): Limiter {
  let running = 0;
  const waiting: (() => void)[] = [];

  return async (task) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      // The next task takes over this one's slot.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
