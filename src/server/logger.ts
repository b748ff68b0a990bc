import { type Logger, pino } from 'pino';
import type { Config } from '../config/config.ts';
import { prettyLine } from './pretty-log.ts';

export type { Logger } from 'pino';

/** The destination of the log's lines. */
export interface LogOutput {
  write(line: string): unknown;
}

/** The server's log. Errors are logged with their stack; what clients send is not logged. */
export function createLogger({ level, format }: Config['log'], output: LogOutput = process.stdout): Logger {
  const destination =
    format === 'pretty' ? { write: (line: string) => void output.write(prettyLine(line)) } : output;
  return pino({ level, base: null }, destination);
}
