const jestJupyterLab = require('@jupyterlab/testutils/lib/jest-config');

// Published as ES modules only: Babel turns them into what jest loads.
const esModules = [
  '@codemirror',
  '@jupyter/',
  '@jupyterlab/',
  '@microsoft/',
  'exenv-es6',
  'lib0',
  'lodash-es',
  'nanoid',
  'vscode-ws-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yjs'
].join('|');

module.exports = {
  ...jestJupyterLab(__dirname),
  automock: false,
  cacheDirectory: '.cache/jest',
  collectCoverage: false,
  reporters: ['default'],
  // A busy machine takes its time to transform what a test loads lazily.
  testTimeout: 60000,
  roots: ['<rootDir>/src'],
  testRegex: 'src/.*\\.spec\\.tsx?$',
  transformIgnorePatterns: [`/node_modules/(?!${esModules}).+`]
};
