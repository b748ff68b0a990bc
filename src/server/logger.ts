import { type Logger, pino } from 'pino';
import type { Config } from '../config/config.ts';
import { maskJson } from '../core/mask-json.ts';
import { mayHoldSecrets } from '../core/mask-secrets.ts';
import { prettyLine } from './pretty-log.ts';

export type { Logger } from 'pino';

/** The destination of the log's lines. */
export interface LogOutput {
  write(line: string): unknown;
}

/**
 * The server's log. Errors are logged with their stack; what clients send is not logged. Messages
 * of databases and receivers may quote it, so secrets are masked as in stored text.
 */
export function createLogger({ level, format }: Config['log'], output: LogOutput = process.stdout): Logger {
  const finish = format === 'pretty' ? prettyLine : (line: string) => line;
  return pino({ level, base: null }, { write: (line) => void output.write(finish(maskLine(line))) });
}

/** Masks a line, which remains valid JSON. */
function maskLine(line: string): string {
  return mayHoldSecrets(line) ? `${maskJson(JSON.parse(line), line)}\n` : line;
}
