import type { McpServer } from '@modelcontextprotocol/server';
import type * as z from 'zod';
import { TelltaleError } from '../core/errors.ts';
import type { Asker } from './asker.ts';

/** The answer of a tool: for programs, and as the text that a model reads. */
export interface ToolAnswer<Structured> {
  readonly structured: Structured;
  /** Default: `structured` as JSON. */
  readonly text?: string;
}

/** The declaration of a tool. All tools only read. */
export interface ToolDeclaration<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** Tells the model what the tool answers, and when to use it. */
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  /** @throws TelltaleError whose message says what would be right */
  run(input: z.output<Input>, asker: Asker): Promise<ToolAnswer<z.output<Output>>>;
}

export interface ToolContext {
  readonly asker: Asker;
  /** Records an unexpected error. Returns a sentence for the caller. */
  readonly onUnexpected: (error: unknown) => string;
}

export interface Tool {
  readonly name: string;
  addTo(server: McpServer, context: ToolContext): void;
}

export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>({
  name,
  title,
  description,
  input,
  output,
  run,
}: ToolDeclaration<Input, Output>): Tool {
  const annotations = { title, readOnlyHint: true, idempotentHint: true, openWorldHint: false };
  const config = { title, description, inputSchema: input, outputSchema: output, annotations };

  async function call(given: z.output<Input>, { asker, onUnexpected }: ToolContext) {
    try {
      const { structured, text = JSON.stringify(structured) } = await run(given, asker);
      return { content: [{ type: 'text' as const, text }], structuredContent: structured };
    } catch (error) {
      const text = error instanceof TelltaleError ? withCode(error) : onUnexpected(error);
      return { content: [{ type: 'text' as const, text }], isError: true };
    }
  }

  return {
    name,
    addTo(server, context) {
      // The types of a schema parameter are too deep for the compiler.
      const add = server.registerTool.bind(server) as (
        name: string,
        options: typeof config,
        callback: (given: z.output<Input>) => ReturnType<typeof call>,
      ) => unknown;
      add(name, config, (given) => call(given, context));
    },
  };
}

/** Errors of the engine already contain their codes. */
const withCode = ({ code, message }: TelltaleError): string =>
  message.startsWith(`${code}: `) ? message : `${code}: ${message}`;
