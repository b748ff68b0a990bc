import { describe, expect, it } from 'vitest';
import { createProgress, drawBar } from '../../src/commands/progress.ts';
import { createTestClock } from '../support/test-clock.ts';

function capture(isTTY: boolean) {
  const written: string[] = [];
  const clock = createTestClock(0);
  const progress = createProgress('fill', { isTTY, write: (text) => written.push(text) }, clock.now);
  return { written, clock, progress };
}

describe('createProgress', () => {
  it('redraws one line on a terminal, at most ten times a second, and ends it', () => {
    const { written, clock, progress } = capture(true);
    progress.update(0, 'none');
    progress.update(0.1, 'too soon');
    clock.advance(100);
    progress.update(0.5, 'half');
    progress.update(1, 'all');
    progress.finish();
    expect(written).toHaveLength(4);
    expect(written[1]).toMatch(/^\r.*fill ▕█{15} {15}▏ {2}50 % {2}half$/);
    expect(written[2]).toContain('100 %  all');
    expect(written[3]).toBe('\n');
  });

  it('writes a line every two seconds elsewhere', () => {
    const { written, clock, progress } = capture(false);
    progress.update(0.2, 'a');
    clock.advance(1999);
    progress.update(0.3, 'b');
    clock.advance(1);
    progress.update(0.4, 'c');
    progress.finish();
    expect(written).toEqual(['fill  20 %  a\n', 'fill  40 %  c\n']);
  });
});

describe('drawBar', () => {
  it.each([
    [0, '    '],
    [0.5, '██  '],
    [1, '████'],
    [-1, '    '],
    [7, '████'],
  ])('%d', (fraction, bar) => {
    expect(drawBar(fraction, 4)).toBe(bar);
  });
});
