// The "may import" column of docs/architecture.md, as rules. A room not named here may import nothing of ours.
const may = {
  'core/model': [],
  'core/protocol': ['core/model'],
  'core/sources': ['core/model'],
  'core/journal': ['core/model'],
  'core/decode': ['core/model'],
  'core/stream': ['core/model'],
  'core/rules': ['core/model', 'core/stream'],
  'core/engine': ['core/model', 'core/decode', 'core/stream', 'core/rules'],
  'core/history': ['core/model'],
  'core/notify': ['core/model'],
  'core/recording': ['core/model'],
  'core/control-room': ['core/'],
  electron: ['core/control-room', 'core/protocol'],
  server: ['core/control-room', 'core/protocol'],
  renderer: ['core/protocol', 'core/model'],
  simulator: ['core/model'],
};

const ours = '^(core|electron|server|renderer|simulator|bench|e2e|scripts)/';
const pure = '^core/(model|protocol|decode|stream|rules|engine)/';
const test = '(\\.test\\.tsx?$|/testing/)';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...Object.entries(may).map(([room, allowed]) => ({
      name: `${room}-may-import`,
      severity: 'error',
      from: { path: `^${room}/`, pathNot: test },
      to: { path: ours, pathNot: `^(${[room, ...allowed].map((r) => (r.endsWith('/') ? r : `${r}/`)).join('|')})` },
    })),
    {
      name: 'pure-rooms-use-no-runtime',
      comment:
        'model, protocol, decode, stream, rules and engine run anywhere: no node: modules, Electron, DOM or React',
      severity: 'error',
      from: { path: pure, pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-rooms-use-no-ui-or-io-package',
      severity: 'error',
      from: { path: pure, pathNot: test },
      to: { path: 'node_modules/(electron|react|react-dom|mqtt|better-sqlite3|ws|maplibre-gl|@deck\\.gl|@mantine)' },
    },
    {
      name: 'renderer-uses-no-node',
      severity: 'error',
      from: { path: '^renderer/', pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'tests-are-not-imported',
      severity: 'error',
      from: { pathNot: `${test}|^(e2e|bench)/` },
      to: { path: test },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules/\\.)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.dom.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
