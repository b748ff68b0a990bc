import './styles/tokens.css';
import './styles/base.css';
import { render } from 'preact';
import { App } from './shell/app.tsx';
import { installShortcuts } from './shell/shortcuts.ts';
import { followLinks } from './state/location.ts';

followLinks();
installShortcuts();
const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no #app.');
render(<App />, root);
