import type { Git } from '../../../../../src/commands/collect/git/run-git.ts';

/** Runs each command once, and repeats its output later, because the repository does not change. */
export function rememberingGit(git: Git): Git {
  const texts = new Map<string, Promise<string>>();
  const outputs = new Map<string, Buffer[]>();
  return {
    path: git.path,
    text(...command) {
      const key = JSON.stringify(command);
      const text = texts.get(key) ?? git.text(...command);
      texts.set(key, text);
      return text;
    },
    async *stream(...command) {
      const key = JSON.stringify(command);
      const known = outputs.get(key);
      if (known !== undefined) return yield* known;
      const chunks: Buffer[] = [];
      for await (const chunk of git.stream(...command)) {
        chunks.push(Buffer.from(chunk));
        yield chunk;
      }
      outputs.set(key, chunks);
    },
  };
}
