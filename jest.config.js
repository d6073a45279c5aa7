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
  roots: ['<rootDir>/src'],
  testRegex: 'src/.*\\.spec\\.tsx?$',
  transformIgnorePatterns: [`/node_modules/(?!${esModules}).+`]
};
