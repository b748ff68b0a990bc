#!/usr/bin/env node
import { runTelltale } from './commands/telltale.ts';
import { optimizeWasmLater } from './runtime/wasm-tiering.ts';

optimizeWasmLater();
await runTelltale(process.argv.slice(2));
