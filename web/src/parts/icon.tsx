import '../styles/icon.css';

/** Strokes on a grid of 16 by 16. */
const PATHS = {
  activity: 'M1.5 8h3l2-5 3 10 2-5h3',
  agent: 'M3 6.5h10v6.5H3zM8 6.5v-3M8 3.5h.01M6 9.5h.01M10 9.5h.01M1.5 9v2M14.5 9v2',
  alert: 'M8 2 14.5 13.5h-13zM8 6.5v3.5M8 12h.01',
  arrowDown: 'M8 3v10M4 9l4 4 4-4',
  arrowUp: 'M8 13V3M4 7l4-4 4 4',
  bell: 'M4 11V7a4 4 0 0 1 8 0v4l1.5 1.5h-11zM6.5 14.5h3',
  board: 'M2.5 2.5h11v11h-11zM6.2 2.5v11M9.8 2.5v11',
  book: 'M3 2.5h8.5a1.5 1.5 0 0 1 1.5 1.5v9.5H4.5A1.5 1.5 0 0 1 3 12zM3 12a1.5 1.5 0 0 1 1.5-1.5H13',
  calendar: 'M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 1.5v3M10.5 1.5v3',
  chart: 'M2 2v12h12M5 11V8M8 11V5M11 11V7',
  check: 'm3 8.5 3.5 3.5L13 4.5',
  chevronDown: 'm4 6 4 4 4-4',
  chevronLeft: 'm10 4-4 4 4 4',
  chevronRight: 'm6 4 4 4-4 4',
  clock: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM8 4.5V8l2.5 1.5',
  close: 'm4 4 8 8M12 4l-8 8',
  code: 'M5.5 4 1.8 8l3.7 4M10.5 4l3.7 4-3.7 4',
  commit: 'M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM1 8h4.5M10.5 8H15',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  database:
    'M2.5 4c0-1.1 2.5-2 5.5-2s5.5.9 5.5 2-2.5 2-5.5 2-5.5-.9-5.5-2zM2.5 4v8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2V4M2.5 8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2',
  download: 'M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  edit: 'M11 2.5 13.5 5l-8 8-3 .5.5-3z',
  external: 'M9 2.5h4.5V7M13.5 2.5 7.5 8.5M6.5 3.5h-4v10h10v-4',
  filter: 'M2 3.5h12M4.5 8h7M6.5 12.5h3',
  folder: 'M1.5 3.5h4.5l1.5 2h7v7.5h-13z',
  gear: 'M8 5.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4zM8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M3.4 12.6l1.4-1.4M11.2 4.8l1.4-1.4',
  graph:
    'M3.5 2.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM12.5 6.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM3.5 10.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM5 4.5l6 3M5 11.5l6-3',
  help: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM6.2 6.3a1.8 1.8 0 1 1 2.6 1.7c-.5.3-.8.6-.8 1.2M8 11.3h.01',
  home: 'M2.5 7 8 2.5 13.5 7v6.5h-4v-4h-3v4h-4z',
  info: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM8 7.5v3.5M8 5h.01',
  key: 'M5 6.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM7.2 7.3 13.5 1.5M10.5 4.5l2 2',
  link: 'M6.5 9.5l3-3M7.5 4.5l1.2-1.2a2.8 2.8 0 0 1 4 4L11.5 8.5M8.5 11.5l-1.2 1.2a2.8 2.8 0 0 1-4-4L4.5 7.5',
  list: 'M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01',
  lock: 'M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  menu: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  pause: 'M5 3v10M11 3v10',
  play: 'M4.5 2.5 13 8l-8.5 5.5z',
  plus: 'M8 3v10M3 8h10',
  refresh: 'M13.5 8A5.5 5.5 0 1 1 12 4.2L13.5 5.5M13.5 2v3.5H10',
  save: 'M2.5 2.5h8.5l2.5 2.5v8.5h-11zM5 2.5v3.5h5v-3.5M5 13.5V9.5h6v4',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5l3 3',
  server: 'M2.5 2.5h11v4.5h-11zM2.5 9h11v4.5h-11zM5 4.8h.01M5 11.3h.01',
  star: 'm8 1.8 1.9 4 4.3.6-3.1 3 .7 4.3L8 11.6l-3.8 2.1.7-4.3-3.1-3 4.3-.6z',
  table: 'M2.5 2.5h11v11h-11zM2.5 6.2h11M2.5 9.8h11M6.5 6.2v7.3',
  trash: 'M2.5 4h11M6 4V2.5h4V4M4 4l.6 9.5h6.8L12 4',
  user: 'M8 2.5a2.8 2.8 0 1 0 0 5.5 2.8 2.8 0 0 0 0-5.5zM2.5 14c.5-2.8 2.7-4 5.5-4s5 1.2 5.5 4',
  webhook:
    'M8 2.5a2.5 2.5 0 0 0-1.2 4.7L4.5 11M8 2.5a2.5 2.5 0 0 1 2.4 3.2M4.5 11a1.5 1.5 0 1 0 .010 0zM4.5 12.5h7M11.5 11a1.5 1.5 0 1 0 .010 0zM11 11 8.8 6.5',
} as const;

/** The name of a drawing of {@link Icon}. */
export type IconName = keyof typeof PATHS;

/** The names of all icons. */
export const ICON_NAMES = Object.keys(PATHS) as IconName[];

/** A small line drawing in the colour of the text. It says nothing to a screen reader: put a label beside it. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
