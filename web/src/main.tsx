import './styles/tokens.css';
import './styles/base.css';
import { render } from 'preact';
import { isEmbedded } from './data/key.ts';
import { LOAD } from './pages/load.ts';
import { App } from './shell/app.tsx';
import { match } from './shell/routes.ts';
import { installShortcuts } from './shell/shortcuts.ts';
import { followLinks } from './state/location.ts';

const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no #app.');
root.replaceChildren();
if (isEmbedded) {
  const { Embed } = await import('./embed/embed.tsx');
  render(<Embed />, root);
} else {
  // Loads the page while the shell renders.
  const first = match(window.location.pathname);
  if (first !== null) void LOAD[first.page.path]();
  followLinks();
  installShortcuts();
  render(<App />, root);
}
