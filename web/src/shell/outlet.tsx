import { useSignal } from '@preact/signals';
import { Component, type ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { LOAD, type PageModule } from '../pages/load.ts';
import type { PagePath } from '../pages/pages.ts';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { linkTo, path } from '../state/location.ts';
import { match } from './routes.ts';

const loaded = new Map<PagePath, PageModule>();

/** The page at the address. */
export function Outlet() {
  const found = match(path.value);
  useEffect(() => {
    document.title = found === null ? 'Telltale' : `${found.page.title} · Telltale`;
  }, [found?.page]);
  useFocusOnNewPage();
  if (found === null) return <NoSuchPage />;
  // A new path is a new page, even if the same module renders it.
  return (
    <Boundary key={path.value}>
      <Loaded page={found.page.path} params={found.params} />
    </Boundary>
  );
}

/**
 * Users of screen readers and keyboards continue at the new page, not at the link that led to it.
 */
function useFocusOnNewPage(): void {
  const shown = useRef(path.value);
  useEffect(() => {
    if (shown.current === path.value) return;
    shown.current = path.value;
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [path.value]);
}

function Loaded({ page, params }: { page: PagePath; params: Readonly<Record<string, string>> }) {
  const module = useSignal(loaded.get(page));
  const failure = useSignal<string | null>(null);
  useEffect(() => {
    if (module.value !== undefined) return;
    LOAD[page]().then(
      (found) => {
        loaded.set(page, found);
        module.value = found;
      },
      (error: unknown) => {
        failure.value = String(error);
      },
    );
  }, [page]);
  if (failure.value !== null) return <Broken message={failure.value} />;
  if (module.value === undefined) return <p class="page-loading" aria-busy="true" />;
  const { Page } = module.value;
  return <Page params={params} />;
}

/** A page that fails says so, and the rest of the dashboard stays. */
class Boundary extends Component<{ children: ComponentChildren }, { message: string | null }> {
  override state: { message: string | null } = { message: null };

  static override getDerivedStateFromError(error: unknown) {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    const { message } = this.state;
    return message === null ? this.props.children : <Broken message={message} />;
  }
}

function Broken({ message }: { message: string }) {
  return (
    <Empty
      title="This page cannot be shown"
      action={<Button onClick={() => window.location.reload()}>Reload the dashboard</Button>}
    >
      {message} The dashboard may have been updated since it was opened.
    </Empty>
  );
}

function NoSuchPage() {
  return (
    <Empty title="There is no such page" action={<a href={linkTo('/')}>Go to the overview</a>}>
      The address may be mistyped, or from another version of Telltale.
    </Empty>
  );
}
