import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

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
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '/graphql': { target: server, ws: true },
      '/graphiql': { target: server },
      '/readyz': { target: server },
    },
  },
  plugins: [compressed()],
});

/** Writes each text file in brotli and gzip beside itself, so that the server compresses nothing. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle() {
      for (const entry of readdirSync(output, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !/\.(html|js|css|svg|json)$/.test(entry.name)) continue;
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
