import { describe, expect, it } from 'vitest';
import { countPackages, isComplete, type Packages, withDependencies } from '../../scripts/prepare/extent.mjs';

const linux = { platform: 'linux', arch: 'x64' };

const named = { version: '1.0.0', integrity: 'sha512-named' };
const lower = { version: '2.0.0', integrity: 'sha512-lower' };
const tool = { version: '3.0.0', integrity: 'sha512-tool', dev: true };
const forLinux = { version: '4.0.0', integrity: 'sha512-linux', optional: true, os: ['linux'], cpu: ['x64'] };
const forMac = { ...forLinux, integrity: 'sha512-mac', os: ['darwin'], cpu: ['arm64'] };

const locked: Packages = {
  '': { dependencies: { named: '1.0.0' }, devDependencies: { tool: '3.0.0' } },
  'node_modules/named': named,
  'node_modules/named/node_modules/lower': lower,
  'node_modules/@native/linux-x64': forLinux,
  'node_modules/@native/darwin-arm64': forMac,
  'node_modules/tool': tool,
};

/** The packages that `npm ci --omit=dev` leaves on Linux. */
const serving: Packages = {
  'node_modules/named': named,
  'node_modules/named/node_modules/lower': lower,
  'node_modules/@native/linux-x64': forLinux,
};
const all: Packages = { ...serving, 'node_modules/tool': tool };

describe('isComplete', () => {
  it.each([
    ['serving', serving, true, false],
    ['serving and development', all, true, true],
    ['nothing', {}, false, false],
    ['the missing packages of other machines', without(all, 'node_modules/@native/linux-x64'), true, true],
    ['a missing package that is named', without(all, 'node_modules/named'), false, false],
    ['a missing dependency of it', without(all, 'node_modules/named/node_modules/lower'), false, false],
    ['another version', { ...all, 'node_modules/named': { ...named, version: '1.0.1' } }, false, false],
    ['other content', { ...all, 'node_modules/named': { ...named, integrity: 'sha512-x' } }, false, false],
    ['another tool', { ...all, 'node_modules/tool': { ...tool, version: '3.0.1' } }, true, false],
    ['an additional package', { ...all, 'node_modules/more': named }, true, true],
  ])('checks %s by the extent', (_what, installed, servingIs, allIs) => {
    expect([isComplete(installed, locked, 'serving'), isComplete(installed, locked, 'all')]).toEqual([
      servingIs,
      allIs,
    ]);
  });

  it('reports a missing optional package that package.json names', () => {
    const root = { dependencies: { named: '1.0.0', '@native/linux-x64': '4.0.0' } };
    const asked = { ...locked, '': root };
    expect(isComplete(without(serving, 'node_modules/@native/linux-x64'), asked, 'serving')).toBe(false);
  });
});

describe('countPackages', () => {
  it('counts the packages of the extent that fit the machine', () => {
    expect(countPackages(locked, 'serving', linux)).toBe(3);
    expect(countPackages(locked, 'all', linux)).toBe(4);
    expect(countPackages(locked, 'serving', { platform: 'win32', arch: 'x64' })).toBe(2);
  });
});

describe('withDependencies', () => {
  it('finds the packages that a package needs, where Node finds them', () => {
    const packages: Packages = {
      'node_modules/native': { ...named, dependencies: { lower: '1', shared: '1' } },
      'node_modules/native/node_modules/lower': { ...lower, dependencies: { shared: '1', native: '1' } },
      'node_modules/lower': tool,
      'node_modules/shared': lower,
      'node_modules/other': named,
    };
    expect(Object.keys(withDependencies(packages, 'node_modules/native')).sort()).toEqual([
      'node_modules/native',
      'node_modules/native/node_modules/lower',
      'node_modules/shared',
    ]);
  });
});

function without(packages: Packages, path: string): Packages {
  const { [path]: _left, ...rest } = packages;
  return rest;
}
