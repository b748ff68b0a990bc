#!/usr/bin/env node
import { runTelltale } from './commands/telltale.ts';

await runTelltale(process.argv.slice(2));
