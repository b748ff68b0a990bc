import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inPackage } from '../../scripts/prepare/paths.mjs';
import { describeEachDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { blocks, shapeOf } from './support/readme.ts';

const run = promisify(execFile);
const RAISE =
  'mutation { raiseAlert(input: { alertId: "slow", type: PERFORMANCE, severity: WARNING, title: "Slow" }) { created } }';
const FAIL =
  'mutation { recordLlmCalls(input: [{ provider: "openai", model: "gpt-4o", latencyMs: 5, errorType: "timeout" }]) { accepted } }';

/** The only block with this beginning that mentions the text, and the block after it. */
function find(start: string, mentions = ''): { text: string; next: string } {
  const found = blocks.flatMap((block, index) =>
    block.text.startsWith(start) && block.text.includes(mentions) ? [index] : [],
  );
  expect(found, `${start} … ${mentions}`).toHaveLength(1);
  const [index = 0] = found;
  return { text: blocks[index]?.text ?? '', next: blocks[index + 1]?.text ?? '' };
}

/** The output of a command so far. Disposing it ends the command. */
class Running implements AsyncDisposable {
  output = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(script: string, cwd: string) {
    // A separate group, so that what the shell starts ends with it. And pipes of the shell: Node
    // provides a socket, which cannot be opened as /dev/stderr.
    this.#child = spawn('bash', ['-euo', 'pipefail', '-c', `(${script}) 2>&1 | cat`], {
      cwd,
      detached: true,
    });
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdout?.on('data', (text) => (this.output += text));
  }

  says(what: string): Promise<void> {
    return expect.poll(() => this.output).toContain(what);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) process.kill(-(this.#child.pid as number), 'SIGTERM');
    await this.#ended;
  }
}

/** The data of the first event of a stream, as soon as one has arrived. */
async function firstEvent(stream: Running): Promise<unknown> {
  await stream.says('\ndata: {');
  return JSON.parse(/^data: (\{.*)$/m.exec(stream.output)?.[1] ?? '');
}

describeEachDatabase('README commands that run until they are stopped', (database) => {
  let folder: string;
  beforeEach(async () => {
    // The folder is below the package, whose libraries the receiver imports.
    await mkdir(inPackage('.cache'), { recursive: true });
    folder = await mkdtemp(inPackage('.cache', 'readme-'));
  });
  afterEach(() => rm(folder, { recursive: true, maxRetries: 3 }));

  const start = ({ url }: TestApp, text: string) =>
    new Running(text.replaceAll('http://127.0.0.1:4000/graphql', url), folder);

  it('alerts: a receiver of webhooks, and a subscription that continues after the last alert seen', async () => {
    await using server = await startApp({
      database,
      environment: { WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1' },
    });
    const port = await freePort();
    const receiverFile = find('import { createServer }').text;
    await writeFile(join(folder, 'receiver.mjs'), receiverFile.replace('8080', String(port)));
    await using receiver = start(server, find('WEBHOOK_SECRET=').text.replace('8080', String(port)));
    await expect.poll(() => isListening(port)).toBe(true);

    const raise = find('curl -s http', 'raiseAlert');
    await using raised = start(server, raise.text);
    await raised.says('"created":true');
    const printed = blocks.find(({ text }) => text.startsWith('alert.raised'))?.text ?? '';
    await receiver.says(printed.split('\n')[0] as string);

    const { text, next } = find('curl -sN http', 'alertRaised');
    await using subscription = start(server, text);
    await server.query(RAISE);
    const shown = JSON.parse(/^data: (.*)$/m.exec(next)?.[1] ?? '') as { data: { alertRaised: object } };
    const event = (await firstEvent(subscription)) as typeof shown;
    // An alert that was raised manually has neither.
    const byHand = { ...shown.data.alertRaised, value: null, threshold: null };
    expect(shapeOf(event)).toEqual(shapeOf({ data: { alertRaised: byHand } }));
    expect(event.data.alertRaised).toMatchObject({ title: 'Slow' });
  });

  it('a subscription to failed calls', async () => {
    await using server = await startApp({ database });
    await using subscription = start(server, find('curl -sN http', 'llmCallRecorded').text);
    // Live events reach only open subscriptions: the first one shows that the stream is open.
    const open = setInterval(() => void server.query(FAIL), 250);
    try {
      expect(await firstEvent(subscription)).toEqual({
        data: {
          llmCallRecorded: { provider: 'openai', model: 'gpt-4o', errorType: 'timeout', latencyMs: 5 },
        },
      });
    } finally {
      clearInterval(open);
    }
  });

  it('a collector that follows a repository', async () => {
    await using server = await startApp({ database });
    const repository = join(folder, 'shop');
    const git = (...args: string[]) => run('git', ['-C', repository, ...args]);
    const commit = (message: string) =>
      git(
        '-c',
        'user.name=Ana',
        '-c',
        'user.email=ana@acme.example',
        'commit',
        '-q',
        '--allow-empty',
        '-m',
        message,
      );
    await run('git', ['init', '-q', repository]);
    await commit('Begin');
    const text = find('npm run collect -- git').text;
    const command = `exec node ${inPackage('dist', 'main.js')} collect git --url ${server.url} `;
    await using follower = start(
      server,
      text.replace('~/work/shop', repository).replace('npm run collect -- git ', command),
    );
    const messages = async () => {
      const { gitCommits } = await server.query<{ gitCommits: { nodes: { message: string }[] } }>(
        '{ gitCommits { nodes { message } } }',
      );
      return gitCommits.nodes.map(({ message }) => message).sort();
    };
    await expect.poll(messages).toEqual(['Begin']);
    await commit('Go on');
    await expect.poll(messages).toEqual(['Begin', 'Go on']);
    expect(follower.output).not.toMatch(/error/i);
  });
});

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => resolve(false));
  });
}
