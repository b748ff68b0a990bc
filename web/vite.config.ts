import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { documents } from './documents.ts';

const output = join(import.meta.dirname, '..', 'dist', 'web');

/** The running server that `npm run web` asks. */
const server = process.env.TELLTALE_URL ?? 'http://localhost:4000';

export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: output,
    emptyOutDir: true,
    target: 'es2022',
    // The policy of the page allows no images and fonts but files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // tests/web/size.test.ts adds up what the first page loads.
    manifest: true,
    license: { fileName: 'THIRD-PARTY-NOTICES.md' },
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '/graphql': { target: server, ws: true },
      '/graphiql': { target: server },
      '/readyz': { target: server },
    },
  },
  plugins: [documents(), preloaded('pages/overview/page.tsx'), compressed()],
});

/**
 * Names the files of the page that most visits begin with in index.html, so that the browser loads
 * them beside the shell and not after it.
 */
function preloaded(page: string): Plugin {
  return {
    name: 'preloaded',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {}, chunk: shell }) {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
        const first = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(page));
        if (first === undefined || shell === undefined) throw new Error(`The build has no file for ${page}.`);
        const withImports = (from: typeof first): (typeof first)[] => [
          ...new Set([
            from,
            ...chunks.filter(({ fileName }) => from.imports.includes(fileName)).flatMap(withImports),
          ]),
        ];
        const known = new Set(withImports(shell));
        const files = withImports(first).filter((file) => !known.has(file));
        const styles = files.flatMap((file) => [...(file.viteMetadata?.importedCss ?? [])]);
        const link = (attrs: Record<string, string | boolean>) =>
          ({ tag: 'link', attrs: { ...attrs, crossorigin: true }, injectTo: 'head' }) as const;
        return [
          ...files.map(({ fileName }) => link({ rel: 'modulepreload', href: `/${fileName}` })),
          ...[...new Set(styles)].map((style) => link({ rel: 'preload', as: 'style', href: `/${style}` })),
        ];
      },
    },
  };
}

/**
 * Writes each text file in brotli and gzip beside itself, so that the server compresses nothing.
 */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle() {
      for (const entry of readdirSync(output, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !/\.(html|js|css|svg)$/.test(entry.name)) continue;
        const file = join(entry.parentPath, entry.name);
        const text = readFileSync(file);
        writeFileSync(
          `${file}.br`,
          brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }),
        );
        writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
      }
    },
  };
}
