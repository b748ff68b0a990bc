import { signal } from '@preact/signals';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** The colour scheme of the system. Canvases are redrawn when it changes. */
export const scheme = signal<'dark' | 'light'>(dark.matches ? 'dark' : 'light');

dark.addEventListener('change', () => {
  scheme.value = dark.matches ? 'dark' : 'light';
});
