import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process that answers each message with one message. */
export interface Child {
  /**
   * Resolves with the answer.
   *
   * @throws Error if the process fails or ends instead
   */
  ask<Answer>(message: unknown): Promise<Answer>;
  /** Ends the process and waits for its exit. */
  stop(): Promise<void>;
}

interface Envelope {
  readonly answer?: unknown;
  readonly error?: string;
}

/** The flags that `npm start` passes to Node. */
export const SERVING_FLAGS: readonly string[] = ['--max-semi-space-size=32'];

/**
 * Starts a TypeScript module in a separate process.
 *
 * @param node the program that runs it; default: that of this process
 * @param flags of the program
 */
export function startChild(
  module: URL,
  environment: Readonly<Record<string, string>> = {},
  node = process.execPath,
  flags: readonly string[] = [],
): Child {
  const child = fork(fileURLToPath(module), {
    execPath: node,
    execArgv: [...flags, '--import', 'tsx'],
    env: { ...process.env, ...environment },
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return {
    ask: (message) => ask(child, message),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}

function ask<Answer>(child: ChildProcess, message: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) =>
      reject(new Error(`A process of the benchmark ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (envelope: Envelope) => {
      child.off('exit', onExit);
      if (envelope.error === undefined) resolve(envelope.answer as Answer);
      else reject(new Error(envelope.error));
    });
    child.send(message as object);
  });
}

/** Answers the messages of the parent process until it disconnects. Then runs `close` and exits. */
export function serveParent<Message>(
  answer: (message: Message) => Promise<unknown>,
  close: () => Promise<void> = () => Promise.resolve(),
): void {
  process.on('message', (message: Message) => {
    answer(message).then(
      (result) => process.send?.({ answer: result }),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.once('disconnect', () => {
    close().then(
      () => process.exit(0),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}

/**
 * A question to a server in a separate process: its URL, the CPU time of all its threads in
 * milliseconds, or its memory in bytes.
 */
export type ServerQuestion = 'url' | 'cpu-ms' | 'rss';

export function answerServerQuestion(question: ServerQuestion, url: string): string | number {
  if (question === 'url') return url;
  if (question === 'rss') return process.memoryUsage.rss();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
