import { useSignal, useSignalEffect } from '@preact/signals';
import { GROUPS, PAGES, type PageEntry } from '../pages/pages.ts';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { linkTo, path } from '../state/location.ts';
import { match } from './routes.ts';

/** The links to all pages. On a narrow screen they are behind a button. */
export function Navigation() {
  const isOpen = useSignal(false);
  // A page was chosen.
  useSignalEffect(() => {
    void path.value;
    isOpen.value = false;
  });
  return (
    <nav class="shell-nav" aria-label="Pages" data-open={isOpen.value}>
      <div class="shell-brand">
        <a href={linkTo('/')}>
          <img src="/icon.svg" alt="" width="22" height="22" />
          Telltale
        </a>
        <IconButton
          label={isOpen.value ? 'Close the list of pages' : 'Open the list of pages'}
          icon={isOpen.value ? 'close' : 'menu'}
          onClick={() => {
            isOpen.value = !isOpen.value;
          }}
        />
      </div>
      <div class="shell-pages">
        {GROUPS.map((group) => (
          <Group key={group} name={group} pages={PAGES.filter((page: PageEntry) => page.group === group)} />
        ))}
      </div>
    </nav>
  );
}

function Group({ name, pages }: { name: string; pages: readonly PageEntry[] }) {
  if (pages.length === 0) return null;
  const open = match(path.value)?.page;
  return (
    <section aria-label={name}>
      <h2 class={pages.length === 1 && pages[0]?.title === name ? 'visually-hidden' : undefined}>{name}</h2>
      <ul>
        {pages.map((page) => (
          <li key={page.path}>
            <a href={linkTo(page.path)} aria-current={isWithin(open, page) ? 'page' : undefined}>
              <Icon name={page.icon} />
              {page.title}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A page about one thing, such as `/requests/:id`, belongs to its list. */
function isWithin(open: PageEntry | undefined, page: PageEntry): boolean {
  if (open === undefined) return false;
  return open === page || (open.group === null && page.path !== '/' && open.path.startsWith(`${page.path}/`));
}
