/** The portal's own pictograms, drawn on a grid of 24 with one stroke. Decoration: the text beside says what they mean. */
const PATHS = {
  play: 'M8 5.5v13l10.5-6.5z',
  plus: 'M12 5v14M5 12h14',
  tab: 'M14 5h5v5M19 5l-8 8M17 14v4a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1h4',
  more: 'M5 11.2a.8.8 0 1 0 0 1.6.8.8 0 0 0 0-1.6zM12 11.2a.8.8 0 1 0 0 1.6.8.8 0 0 0 0-1.6zM19 11.2a.8.8 0 1 0 0 1.6.8.8 0 0 0 0-1.6z',
  stop: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 9h6v6H9z',
  close: 'M6 6l12 12M18 6L6 18',
  back: 'M15 6l-6 6 6 6',
  chevron: 'M6 9l6 6 6-6',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  alert: 'M12 8v5M12 16.5h.01M10.3 4.6L3 17.5A2 2 0 0 0 4.7 20.5h14.6a2 2 0 0 0 1.7-3L13.7 4.6a2 2 0 0 0-3.4 0z',
  info: 'M12 11v5M12 8h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z',
  skip: 'M6 12h12',
  log: 'M7 4h7l4 4v12H7zM14 4v4h4M10 12h5M10 16h5',
  eject: 'M6 15h12M12 5l6 7H6zM6 19h12',
  power: 'M12 4v8M7.5 7a7 7 0 1 0 9 0',
  trash: 'M5 7h14M10 7V5h4v2M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5',
  restart: 'M5 12a7 7 0 1 1 2.2 5.1M5 19v-4h4',
  edit: 'M5 19h4L19 9l-4-4L5 15zM13 7l4 4',
  lock: 'M7 11h10v8H7zM9 11V8a3 3 0 0 1 6 0v3',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4',
  moon: 'M19 14.5A7.5 7.5 0 0 1 9.5 5 7.5 7.5 0 1 0 19 14.5z',
  auto: 'M12 20a8 8 0 1 0 0-16zM12 4a8 8 0 0 0 0 16',
  globe:
    'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3.5 12h17M12 3c2.5 2.5 3.5 5.5 3.5 9S14.5 18.5 12 21M12 3c-2.5 2.5-3.5 5.5-3.5 9s1 6.5 3.5 9',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0',
  users:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5a6.5 6.5 0 0 1 13 0M16 5a3.3 3.3 0 0 1 0 6.3M18 13.7a6 6 0 0 1 3.5 5.3',
  exit: 'M14 5h5v14h-5M10 8l-4 4 4 4M6 12h9',
  terminal: 'M4 5h16v14H4zM7.5 9.5L10.5 12l-3 2.5M12.5 15h4',
  desktop: 'M4 5h16v11H4zM9 20h6M12 16v4',
  window: 'M5 4h14v16H5zM5 4l7 3v16l-7-3zM9.5 13v1.5',
  command: 'M5 7l4 4-4 4M11 17h8',
  browser: 'M4 5h16v14H4zM4 9h16M7 7h.01M9.5 7h.01',
  editor: 'M6 4h12v16H6zM9 8h6M9 12h6M9 16h3',
  grip: 'M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01',
  form: 'M5 4h14v16H5zM8 8h8M8 12h3M14 11h2v2h-2zM8 16h8',
  system: 'M4 7h9M17 7h3M4 12h3M11 12h9M4 17h7M15 17h5M15 5v4M9 10v4M13 15v4',
  function:
    'M9 4c-2.5 0-3 1.5-3 3.5s0 3-2 4.5c2 1.5 2 2.5 2 4.5s.5 3.5 3 3.5M15 4c2.5 0 3 1.5 3 3.5s0 3 2 4.5c-2 1.5-2 2.5-2 4.5s-.5 3.5-3 3.5',
  bookmark: 'M7 4h10v16l-5-4-5 4z',
  profile: 'M4 6h16M4 12h16M4 18h10',
  shield: 'M12 3l7 3v5c0 4.5-3 8-7 10-4-2-7-5.5-7-10V6z',
  server: 'M4 4h16v6H4zM4 14h16v6H4zM7.5 7h.01M7.5 17h.01',
  search: 'M11 17a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM15.5 15.5L20 20',
  star: 'M12 4l2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8-5 2.8 1.1-5.5L4 9.7 9.6 9z',
  link: 'M10 14a4 4 0 0 0 6 .4l2.6-2.6a4 4 0 0 0-5.7-5.7L11.5 7.5M14 10a4 4 0 0 0-6-.4l-2.6 2.6a4 4 0 0 0 5.7 5.7l1.4-1.4',
  chart: 'M5 4v15h15M8.5 15v-4M12.5 15V8M16.5 15v-6',
  cube: 'M12 3.5l7.5 4.2v8.6L12 20.5l-7.5-4.2V7.7zM4.5 7.7L12 12l7.5-4.3M12 12v8.5',
  database: 'M5 6.5c0-3.3 14-3.3 14 0s-14 3.3-14 0zM5 6.5v11c0 3.3 14 3.3 14 0v-11M5 12c0 3.3 14 3.3 14 0',
  flask: 'M10 4h4M10.5 4v6L5 18.5A1 1 0 0 0 6 20h12a1 1 0 0 0 1-1.5L13.5 10V4M8 15h8',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9.5h.01',
  starred:
    'M12 4l2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8-5 2.8 1.1-5.5L4 9.7 9.6 9zM12 7l-1.4 3.4-3.4.5 2.6 2.3-.6 3.3 2.8-1.6 2.8 1.6-.6-3.3 2.6-2.3-3.4-.5zM12 9.5v4M10.5 12h3',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2',
  eye: 'M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  seat: 'M7 4v9h9l1.5 7M7 13v4h8M6 20h3',
} as const;

export type IconName = keyof typeof PATHS;

export function isIconName(name: string): name is IconName {
  return Object.hasOwn(PATHS, name);
}

export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The product's mark: a casement, one wing open. */
export function Mark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect className="mark-frame" x="2" y="2" width="28" height="28" rx="7" />
      <path className="mark-light" d="M9 8h14v16H9z" />
      <path className="mark-wing" d="M9 8l8 3v16l-8-3z" />
    </svg>
  );
}
