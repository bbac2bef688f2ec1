// Compiles the guide's FHIR Shorthand (profiles/iop/fsh) to the resources that are committed beside it, offline.
//
//   node compile.mjs                  writes profiles/iop/*.json, its README.md (from fsh/page.md), and examples/guide: what
//                                     is valid, what is broken (fsh/broken.json says what is left out or put in), an index
//   node compile.mjs --check          writes nothing; exit status 1 where what is committed differs
//   node compile.mjs --snapshots DIR  writes all to DIR, profiles with SUSHI's snapshots, for comparing these
//   --packages DIR                    where the official packages lie as NAME-VERSION.tgz (FHIR_IOP_PACKAGES, or
//                                     ../shared/packages beside the checkout)
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cache, DEPENDENCIES } from './packages.mjs';
import { index, name, page } from './pages.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const GUIDE = join(ROOT, 'profiles', 'iop');
const EXAMPLES = join(ROOT, 'examples', 'guide');

const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    snapshots: { type: 'string' },
    packages: { type: 'string', default: process.env.FHIR_IOP_PACKAGES ?? join(ROOT, '..', 'shared', 'packages') }
  }
});

function sources() {
  const folder = join(GUIDE, 'fsh');
  const names = readdirSync(folder, { recursive: true }).filter(name => name.endsWith('.fsh')).sort();
  return names.map(name => ({ name: relative(ROOT, join(folder, name)), text: readFileSync(join(folder, name), 'utf8') }));
}

function told(found, inputs) {
  const place = found.location;
  const input = inputs[Number(/^Input_(\d+)$/.exec(found.input ?? '')?.[1])];
  return `${input ? input.name : ''}${place ? `:${place.startLine}` : ''}: ${found.message}`;
}

async function compiled(manifest, home) {
  process.env.HOME = home; // SUSHI's cache lies in the home folder, and there must be nothing else in it
  cache(home, options.packages);
  const { default: { sushiClient } } = await import('fsh-sushi');
  const inputs = sources();
  const { fhir, errors, warnings } = await sushiClient.fshToFhir(inputs.map(each => each.text), {
    canonical: manifest.canonical,
    version: manifest.version,
    fhirVersion: '4.0.1',
    logLevel: 'silent',
    snapshot: options.snapshots !== undefined,
    dependencies: DEPENDENCIES
  });
  for (const each of warnings) console.error(`warning: ${told(each, inputs)}`);
  for (const each of errors) console.error(`error: ${told(each, inputs)}`);
  if (errors.length + warnings.length) throw new Error(`${errors.length} errors, ${warnings.length} warnings`);
  const about = heads(inputs);
  // What stands only inside another example is no example by itself; SUSHI gives it as one.
  return { about, resources: fhir.filter(each => about.get(each.id)?.usage !== '#inline') };
}

// What an instance's head says and its resource doesn't: usage, title, description.
function heads(inputs) {
  const text = inputs.map(each => each.text).join('\n');
  return new Map(text.split(/^(?=Instance:)/m).slice(1).map(block => {
    const said = key => new RegExp(`^${key}:\\s*"?(.*?)"?$`, 'm').exec(block.split('\n*')[0])?.[1];
    return [said('Instance'), { usage: said('Usage'), title: said('Title'), description: said('Description') }];
  }));
}

function listed(guide, resources, about) {
  // Which resources the guide holds is written once, here, from what there is.
  const described = resources.filter(each => each !== guide).map(each => {
    const said = about.get(each.id);
    const entry = {
      reference: { reference: `${each.resourceType}/${each.id}` },
      name: (each.url ? each.title : said?.title) ?? each.id,
      description: each.url ? each.description : said?.description
    };
    if (each.url) return { ...entry, exampleBoolean: false };
    const profile = each.meta?.profile?.[0];
    return profile ? { ...entry, exampleCanonical: profile } : { ...entry, exampleBoolean: true };
  });
  guide.definition = { ...guide.definition, resource: described };
}

// A way into a resource: dosageInstruction[0].text
const steps = way => way.split(/[.[\]]+/).filter(Boolean);
const inner = (resource, way) => way.slice(0, -1).reduce((value, step) => value[step], resource);

// The valid example without some of what it says, and with something else.
function broke(key, { of, without = [], with: other = {} }, examples) {
  const valid = examples.find(each => each.id === of);
  if (!valid) throw new Error(`broken.json, ${key}: there is no example ${of}`);
  const resource = { ...structuredClone(valid), id: `breaks-${key}` };
  for (const [path, value] of Object.entries(other)) {
    const way = steps(path);
    inner(resource, way)[way.at(-1)] = value;
  }
  for (const way of without.map(steps).reverse()) {
    const place = inner(resource, way);
    if (!(way.at(-1) in place)) throw new Error(`broken.json, ${key}: ${of} has no ${way.join('.')} to leave out`);
    if (Array.isArray(place)) place.splice(way.at(-1), 1);
    else delete place[way.at(-1)];
  }
  return resource;
}

function files({ resources, about }) {
  const sorted = [...resources].sort((a, b) => (name(a) < name(b) ? -1 : 1));
  const guide = sorted.find(each => each.resourceType === 'ImplementationGuide');
  if (guide) listed(guide, sorted, about);
  const made = new Map(sorted.map(each => [
    join(options.snapshots ?? (each.url ? GUIDE : EXAMPLES), name(each)), `${JSON.stringify(each, null, 2)}\n`
  ]));
  if (options.snapshots) return made;
  const definitions = sorted.filter(each => each.resourceType === 'StructureDefinition');
  const examples = sorted.filter(each => !each.url);
  const broken = JSON.parse(readFileSync(join(GUIDE, 'fsh', 'broken.json'), 'utf8'));
  for (const [key, said] of Object.entries(broken)) {
    made.set(join(EXAMPLES, 'broken', `${key}.json`), `${JSON.stringify(broke(key, said, examples), null, 2)}\n`);
  }
  made.set(join(EXAMPLES, 'README.md'), index(examples, definitions, about, broken));
  return made.set(join(GUIDE, 'README.md'), page(readFileSync(join(GUIDE, 'fsh', 'page.md'), 'utf8'), sources(), sorted, broken));
}

function committed() {
  return [GUIDE, EXAMPLES, join(EXAMPLES, 'broken')].flatMap(folder => existsSync(folder)
    ? readdirSync(folder).filter(file => /^([A-Z]|iop-).*\.json$/.test(file)).map(file => join(folder, file)) : []);
}

const home = mkdtempSync(join(tmpdir(), 'fhir-iop-guide-'));
try {
  const manifest = JSON.parse(readFileSync(join(GUIDE, 'package.json'), 'utf8'));
  const made = files(await compiled(manifest, home));
  const old = options.snapshots ? [] : committed();
  const different = [...made].filter(([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text);
  const gone = old.filter(file => !made.has(file));
  if (options.check) {
    for (const [file] of different) console.error(`differs from its source: ${relative(ROOT, file)}`);
    for (const file of gone) console.error(`has no source: ${relative(ROOT, file)}`);
    process.exitCode = different.length + gone.length ? 1 : 0;
  } else {
    for (const [file, text] of different) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    gone.forEach(file => rmSync(file));
  }
  console.log(`${made.size} files, ${different.length} ${options.check ? 'differ' : 'written'}, ${gone.length} ${options.check ? 'without source' : 'removed'}`);
} catch (error) {
  console.error(String(error.message ?? error));
  process.exitCode = 2;
} finally {
  rmSync(home, { recursive: true, force: true });
}
