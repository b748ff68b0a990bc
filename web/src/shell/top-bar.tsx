import './top-bar.css';
import { isUp } from '../data/connection.ts';
import { forgetKey, key } from '../data/key.ts';
import { isLive } from '../data/live.ts';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { shift } from '../state/view.ts';
import { openPalette } from './palette.tsx';
import { ProjectChooser } from './project-chooser.tsx';
import { RangeChooser } from './range-chooser.tsx';
import { SavedViews } from './saved-views.tsx';
import { openHelp } from './shortcut-help.tsx';
import { ZoneChooser } from './zone-chooser.tsx';

/** What applies to all pages: the project, the time range and the time zone. */
export function TopBar() {
  return (
    <header class="shell-top">
      <button type="button" class="shell-search" onClick={openPalette}>
        <Icon name="search" />
        <span>Go to…</span>
        <kbd>/</kbd>
      </button>
      <div class="shell-choosers">
        <ProjectChooser />
        <IconButton label="Previous range ( [ )" icon="chevronLeft" onClick={() => shift(-1)} />
        <RangeChooser />
        <IconButton label="Next range ( ] )" icon="chevronRight" onClick={() => shift(1)} />
        <ZoneChooser />
        <SavedViews />
        <Connection />
        <IconButton label="Keyboard shortcuts" icon="help" onClick={openHelp} />
        {key.value !== null && <IconButton label="Forget the API key" icon="lock" onClick={forgetKey} />}
      </div>
    </header>
  );
}

function Connection() {
  const [state, text] = !isUp.value
    ? ['away', 'The server cannot be reached']
    : isLive.value
      ? ['live', 'Live: new data appears by itself']
      : ['up', 'Connected'];
  return <span class="shell-connection" data-state={state} role="img" aria-label={text} title={text} />;
}
