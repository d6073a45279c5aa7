// The list of bundled licences, made whole: the builder's plugin knows nothing of modules that were joined with others.
const fs = require('fs');
const path = require('path');

const LIST = 'third-party-licenses.json';
const AFTER_THE_BUILDERS_OWN = 2;

class EveryLicence {
  apply(compiler) {
    const { sources, Compilation } = compiler.rspack;
    compiler.hooks.thisCompilation.tap('EveryLicence', compilation => {
      const stage =
        Compilation.PROCESS_ASSETS_STAGE_REPORT + AFTER_THE_BUILDERS_OWN;
      compilation.hooks.processAssets.tap(
        { name: 'EveryLicence', stage },
        () => {
          const asset = compilation.getAsset(LIST);
          if (!asset) {
            return; // no production build
          }
          const { packages } = JSON.parse(asset.source.source().toString());
          const known = new Set(packages.map(each => each.name));
          for (const directory of bundled(compilation, compiler.context)) {
            const found = describe(directory);
            if (known.has(found.name)) {
              continue;
            }
            packages.push(found);
            if (!found.extractedText) {
              compilation.errors.push(
                new Error(`No licence text is found in ${directory}.`)
              );
            }
          }
          packages.sort((a, b) => (a.name < b.name ? -1 : 1));
          const text = JSON.stringify({ packages }, null, 2);
          compilation.updateAsset(LIST, new sources.RawSource(text));
        }
      );
    });
  }
}

/** The directories of the packages that any module of any chunk is from. */
function bundled(compilation, context) {
  const found = new Set();
  const visit = module => {
    (module.modules || []).forEach(visit);
    const directory = module.resource && packageOf(module.resource);
    if (directory && directory !== path.resolve(context)) {
      found.add(directory);
    }
  };
  for (const chunk of compilation.chunks) {
    for (const module of compilation.chunkGraph.getChunkModules(chunk)) {
      visit(module);
    }
  }
  return found;
}

/** The nearest directory above whose package.json has a name: those that only tell a module's type have none. */
function packageOf(resource) {
  let directory = path.dirname(resource.split('?')[0]);
  while (directory !== path.dirname(directory)) {
    const file = path.join(directory, 'package.json');
    if (fs.existsSync(file) && JSON.parse(fs.readFileSync(file, 'utf8')).name) {
      return directory;
    }
    directory = path.dirname(directory);
  }
  return null;
}

function describe(directory) {
  const { name, version, license } = JSON.parse(
    fs.readFileSync(path.join(directory, 'package.json'), 'utf8')
  );
  const texts = fs
    .readdirSync(directory)
    .filter(file => /^(licen[cs]e|copying|notice)/i.test(file))
    .sort()
    .map(file => fs.readFileSync(path.join(directory, file), 'utf8'));
  return {
    name,
    versionInfo: version || '',
    licenseId: license || '',
    extractedText: texts.join('\n')
  };
}

module.exports = { plugins: [new EveryLicence()] };
