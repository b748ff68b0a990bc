import './shell.css';
import { keyWanted } from '../data/key.ts';
import { Toast } from '../parts/toast.tsx';
import { Banner } from './banner.tsx';
import { KeyForm } from './key-form.tsx';
import { Navigation } from './navigation.tsx';
import { Outlet } from './outlet.tsx';
import { Palette } from './palette.tsx';
import { ShortcutHelp } from './shortcut-help.tsx';
import { TopBar } from './top-bar.tsx';

/** What surrounds every page. */
export function App() {
  if (keyWanted.value !== null) return <KeyForm reason={keyWanted.value} />;
  return (
    <div class="shell">
      <a class="skip-link" href="#main">
        Skip to the page
      </a>
      <Navigation />
      <div class="shell-frame">
        <TopBar />
        <Banner />
        <main id="main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Palette />
      <ShortcutHelp />
      <Toast />
    </div>
  );
}
