import { signal } from '@preact/signals';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** The scheme of the system. What is drawn on a canvas is drawn again when it changes. */
export const scheme = signal<'dark' | 'light'>(dark.matches ? 'dark' : 'light');

dark.addEventListener('change', () => {
  scheme.value = dark.matches ? 'dark' : 'light';
});
