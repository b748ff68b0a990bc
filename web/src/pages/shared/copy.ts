import { notify } from '../../parts/toast.tsx';

/** Puts a text on the clipboard, and says whether that worked. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify('Copied.');
  } catch {
    notify('The browser does not allow copying here. Select the text instead.', 'bad');
  }
}
