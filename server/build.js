import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What few runs need, each loaded when one does. */
const external = ['jiti', '@peculiar/x509', 'uqr', 'open'];

const options = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  define: { 'import.meta.url': '__url' },
  legalComments: 'none',
  logLevel: 'warning',
};
const url = "const __url = require('node:url').pathToFileURL(__filename).href;";
/** Finds what the installed packages would get by these names: Fastify, then a package of its own. */
const resolve = `const __resolve = (...names) => names.reduce(
  (from, name) => require('node:module').createRequire(from).resolve(name), __filename);`;

/** What hardly any run needs is taken from the installed packages. */
const lazily = {
  name: 'lazily',
  setup({ onResolve, onLoad }) {
    // No route of the command has a schema. Fastify asks for makers of compilers when it starts.
    const maker = (name) => `let make;
      module.exports = () => (...args) => (make ??= require(__resolve('fastify', '${name}'))())(...args);`;
    const whole = (name) => `module.exports = require(__resolve('fastify', '${name}'));`;
    const contents = {
      '@fastify/ajv-compiler': maker,
      '@fastify/fast-json-stringify-compiler': maker,
      'light-my-request': whole,
    };
    const filter = new RegExp(`^(${Object.keys(contents).join('|')})$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'lazily' }));
    onLoad({ filter, namespace: 'lazily' }, ({ path }) => ({ contents: contents[path](path) }));
  },
};

/**
 * A script that is compiled from a cache has no `import()` (in Node 20 the option for it warns that it
 * is an experiment): the one of cli.ts is handed in.
 */
const imports = {
  name: 'imports',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]server[/\\].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const names = external.join('|');
      const pattern = new RegExp(`(?<![.\\w])import\\((?=pathToFileURL|'(${names})')`, 'g');
      return { loader: 'ts', contents: text.replace(pattern, '__import(') };
    });
  },
};

/** Workers are files of their own: pino is to find them where it is installed. */
const workers = {
  name: 'workers',
  setup({ onLoad }) {
    const folders = {
      pino: "require('node:path').join(__resolve('fastify', 'pino'), '../lib')",
      'thread-stream':
        "require('node:path').dirname(__resolve('fastify', 'pino', 'thread-stream'))",
    };
    onLoad(
      { filter: /node_modules[/\\](pino[/\\]lib|thread-stream)[/\\]\w+\.js$/ },
      async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const [, name] = /node_modules[/\\](pino|thread-stream)[/\\]/.exec(path);
        return { contents: text.replaceAll('__dirname', folders[name]) };
      },
    );
  },
};

// The command as one file: to find, read and link its 600 modules took longer than to run them.
const outfile = here('../dist/server/command.cjs');
const { metafile } = await build({
  ...options,
  metafile: true,
  entryPoints: [here('cli/main.ts')],
  outfile,
  external,
  banner: { js: `(function (require, __filename, __import) {${url}\n${resolve}` },
  footer: { js: '})' },
  plugins: [lazily, imports, workers],
});
check(await readFile(outfile, 'latin1'));
const notices = await noticesOf(Object.keys(metafile.inputs));
await writeFile(here('../dist/server/command.LICENSES.txt'), notices);
// What runs it.
await build({
  ...options,
  entryPoints: [here('cli.ts')],
  outfile: here('../dist/server/cli.cjs'),
  banner: { js: url },
});

/** Throws for what the launcher could not run as it is meant. */
function check(text) {
  // It reads one byte for each character. In a regular expression esbuild escapes none.
  const [foreign] = /.*[^\0-\x7f].*/.exec(text) ?? [];
  if (foreign !== undefined) throw new Error(`command.cjs: write \\u.... in "${foreign.trim()}"`);
  const [left] = /^.*(?<![.\w@{])import\(.*$/m.exec(text) ?? [];
  if (left !== undefined) throw new Error(`command.cjs: no import() in "${left.trim()}"`);
}

/** The licences of the packages that these files belong to, which ask to be passed on with them. */
async function noticesOf(files) {
  const folders = files.map((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  const packages = [...new Set(folders)].filter((folder) => folder !== undefined).sort();
  const notices = await Promise.all(packages.map(noticeOf));
  return `command.cjs contains these packages.\n${notices.join('')}`;
}

async function noticeOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
  const [file] = (await readdir(folder)).filter((each) => /^licen[cs]e/i.test(each));
  const text =
    file === undefined ? '' : `\n${(await readFile(`${folder}/${file}`, 'utf8')).trim()}\n`;
  return `\n${'-'.repeat(80)}\n${name} ${version}: ${license}\n${text}`;
}
