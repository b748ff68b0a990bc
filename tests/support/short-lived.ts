/** Later versions count invocations, by flags of their own. */
const HAS_BUDGET = process.versions.node.startsWith('20.');

/**
 * Flags of V8 for processes that live for seconds or minutes. They change when code is optimized,
 * not what it does: a function after seven times as much work, WebAssembly never. Without them, a
 * seventh of the processor time of tests and a third of that of a server's start goes into
 * optimizing code that hardly runs again, above all Prisma's query compiler.
 */
export const SHORT_LIVED: readonly string[] = [
  '--liftoff-only',
  ...(HAS_BUDGET ? ['--interrupt-budget=500000'] : []),
];
