import './styles/tokens.css';
import './styles/base.css';
import { render } from 'preact';
import { isEmbedded } from './data/key.ts';
import { App } from './shell/app.tsx';
import { installShortcuts } from './shell/shortcuts.ts';
import { followLinks } from './state/location.ts';

const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no #app.');
if (isEmbedded) {
  const { Embed } = await import('./embed/embed.tsx');
  render(<Embed />, root);
} else {
  followLinks();
  installShortcuts();
  render(<App />, root);
}
