import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { App } from '../../src/app.ts';
import { type Host, runApp } from '../../src/commands/run-app.ts';
import { loadConfig } from '../../src/config/config.ts';
import { openAccess } from '../support/callers.ts';

/** A substitute for our process: tests emit its signals, and it records the exit code. */
class TestHost extends EventEmitter implements Host {
  text = '';
  exitCode: number | null = null;
  readonly stdout = { write: (text: string) => (this.text += text) };

  exit(code: number): void {
    this.exitCode = code;
    this.emit('exited');
  }
}

/** An app that starts at once and stops when the test lets it. */
function testApp(
  start: () => Promise<unknown> = async () => ({
    graphql: 'http://h/graphql',
    webSocket: 'ws://h/graphql',
    mcp: 'http://h/mcp',
  }),
) {
  let letGo = () => {};
  const stopped = new Promise<void>((resolve) => (letGo = resolve));
  const events = new EventEmitter();
  const app = {
    services: {
      config: loadConfig({ LOG_FORMAT: 'pretty', DATABASE_URL: 'postgresql://me:secret@db/telltale' }),
      access: openAccess,
    },
    start,
    stop() {
      events.emit('stop');
      return stopped;
    },
  } as unknown as App;
  return { app, letGo, stopAsked: new Promise((resolve) => events.once('stop', resolve)) };
}

describe('runApp', () => {
  it('shows where the server is, without the password of the database', async () => {
    const host = new TestHost();
    const { app, letGo } = testApp();
    const running = runApp(app, host, async () => {
      host.emit('SIGTERM');
      return async () => {};
    });
    letGo();
    await running;
    expect(host.text).toContain('http://h/graphql');
    expect(host.text).toContain('http://h/mcp');
    expect(host.text).toContain('postgresql://me:***@db/telltale');
    expect(host.text).toContain('SIGTERM: stopping');
  });

  it('waits for a clean stop after the first signal, and leaves no listener', async () => {
    const host = new TestHost();
    const { app, letGo, stopAsked } = testApp();
    const running = runApp(app, host);
    host.emit('SIGINT');
    await stopAsked;
    expect(host.exitCode).toBeNull();
    letGo();
    await running;
    expect(host.exitCode).toBeNull();
    expect(host.listenerCount('SIGINT') + host.listenerCount('SIGTERM')).toBe(0);
  });

  it('ends at once at a second signal', async () => {
    const host = new TestHost();
    const { app, letGo, stopAsked } = testApp();
    const running = runApp(app, host);
    host.emit('SIGINT');
    await stopAsked;
    host.emit('SIGINT');
    expect(host.exitCode).toBe(130);
    letGo();
    await running;
  });

  it('ends background work first', async () => {
    const host = new TestHost();
    const { app, letGo, stopAsked } = testApp();
    const order: string[] = [];
    void stopAsked.then(() => order.push('app'));
    letGo();
    const running = runApp(app, host, async () => async () => void order.push('beside'));
    host.emit('SIGINT');
    await running;
    expect(order).toEqual(['beside', 'app']);
  });

  it.each([
    ['EADDRINUSE', /^Port 4000 on 127\.0\.0\.1 is in use.*PORT=4001 npm start$/],
    ['ENOTFOUND', /HOST and PORT: the server cannot listen on 127\.0\.0\.1:4000 .* Set them/],
    ['EACCES', /the server cannot listen on 127\.0\.0\.1:4000 \(EACCES\)/],
  ])('says what to do about %s, and closes the app', async (code, message) => {
    const { app, letGo, stopAsked } = testApp(() => Promise.reject(Object.assign(new Error(code), { code })));
    letGo();
    await expect(runApp(app, new TestHost())).rejects.toThrow(message);
    await stopAsked;
  });
});
