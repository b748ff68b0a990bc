import { setFlagsFromString } from 'node:v8';

/**
 * V8's unit is about a byte of WebAssembly that a function has run. Its own default is 1,800,000 in
 * Node 20, which functions of Prisma's query compiler use up in the first second of a server.
 */
export const TIERING_FLAG = '--wasm-tiering-budget=100000000';

/**
 * Makes V8 optimize a WebAssembly function after much more work. Prisma's query compiler keeps its
 * plans, so a server that optimizes it pays at its start, with 0.7 s of a processor and 50
 * MB that the threads of the optimizer never return, and answers no sooner.
 *
 * Call it before the first WebAssembly is compiled: V8 reads the flag then. It holds for all
 * threads of the process.
 */
export function optimizeWasmLater(): void {
  setFlagsFromString(TIERING_FLAG);
}
