/**
 * The rooms' rules, one a row: a room may import itself, what its row lists, and packages. `docs/architecture.md` has
 * the same table in words.
 */
const T = '\\.(test|spec)\\.tsx?$';

/** Room → the rooms it may import. Longer paths come first: the first that matches a file is its room. */
const ROOMS = {
  'src/contract': [],
  'src/rfb': ['src/contract'],
  'src/screen': ['src/rfb', 'src/contract', 'decoder'],
  'src/input': ['src/contract'],
  'src/clientcomm': ['src/contract'],
  'src/desktop': ['src/screen', 'src/input', 'src/contract'],
  'src/embed': ['src/contract'],
  'src/viewer': ['src/desktop', 'src/screen', 'src/input', 'src/clientcomm', 'src/embed', 'src/contract'],
  'src/forms/fields': ['src/contract'],
  'src/forms/render': ['src/forms/fields', 'src/contract'],
  'src/sandbox': ['src/contract'],
  'src/api': ['src/contract'],
  'src/portal': ['src/api', 'src/forms', 'src/embed', 'src/sandbox', 'src/contract'],
  'server/start': ['src/contract', 'src/forms/fields', 'server/[a-z]+/port.ts'],
  'server/functions': ['src/contract', 'src/sandbox', 'server/[a-z]+/port.ts'],
  'server/schedule': ['src/contract', 'server/[a-z]+/port.ts'],
  'server/policy': ['src/contract', 'server/[a-z]+/port.ts'],
  'server/sessions': ['src/contract', 'src/rfb', 'server/ssh'],
  'server/ssh': ['src/contract'],
  'server/auth': ['src/contract', 'server/ssh', 'server/[a-z]+/port.ts'],
  'server/store': ['src/contract', 'server/[a-z]+/port.ts'],
  'server/bus': ['src/contract', 'server/[a-z]+/port.ts'],
  'server/http': ['src/contract', 'src/forms/fields', 'server/start', 'server/functions', 'server/[a-z]+/port.ts'],
  cli: ['src/contract', 'server'],
  mocks: [
    'src/contract',
    'src/sandbox',
    'src/rfb',
    'src/forms/fields',
    'src/viewer/viewer.ts',
    'src/portal/start-portal.tsx',
    'src/screen/client.ts',
  ],
};

const rows = Object.entries(ROOMS).map(([room, may]) => ({
  name: `room ${room}`,
  comment: `${room} may import ${may.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^${room}/`, pathNot: T },
  to: {
    path: '^(src|server|cli|mocks|bench|e2e|decoder|scripts)/',
    pathNot: [room, ...may].map((allowed) => `^${allowed}(/|$)`),
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...rows,
    {
      name: 'no cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing imports mocks, e2e or bench',
      severity: 'error',
      from: { path: '^(src|server|cli)/', pathNot: T },
      to: { path: '^(mocks|e2e|bench)/' },
    },
    {
      name: 'rooms without Node',
      severity: 'error',
      from: { path: '^(src|mocks|decoder)/', pathNot: [T, '^decoder/test/', '/test-support/'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no React outside the portal',
      severity: 'error',
      from: { path: '^(src|server|cli)/', pathNot: ['^src/portal/', '^src/forms/render/', '^src/embed/react/', T] },
      to: { path: 'node_modules/(react|react-dom|react-hook-form|zustand|i18next)/' },
    },
    {
      name: 'no undeclared packages',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['unknown', 'undetermined', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^decoder/build/'] },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
