// Derives a profile from every profile of a packed guide (node derive.mjs GUIDE.tgz) with SUSHI, which can do so only
// where the parent has a snapshot. Exit status 1 where one can't be derived from, or what it says is not inherited.
//
//   --packages DIR  where the official packages lie, as for compile.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cache, DEPENDENCIES, place } from './packages.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { values: options, positionals: [archive] } = parseArgs({
  allowPositionals: true,
  options: {
    packages: { type: 'string', default: process.env.FHIR_IOP_PACKAGES ?? join(ROOT, '..', 'shared', 'packages') }
  }
});

const said = profile => profile.snapshot.element.map(each =>
  [each.id, each.min, each.max, !!each.mustSupport, (each.constraint ?? []).map(one => one.key).join()].join(' ')).join('\n');

const home = mkdtempSync(join(tmpdir(), 'fhir-iop-derive-'));
try {
  const manifest = JSON.parse(execFileSync('tar', ['-xzOf', archive, 'package/package.json']));
  process.env.HOME = home; // SUSHI's cache lies in the home folder
  cache(home, options.packages);
  const folder = place(home, manifest.name, manifest.version);
  execFileSync('tar', ['-xzf', archive, '-C', folder]);
  const parents = readdirSync(join(folder, 'package')).filter(file => file.startsWith('StructureDefinition-'))
    .map(file => JSON.parse(readFileSync(join(folder, 'package', file), 'utf8')));
  const { default: { sushiClient } } = await import('fsh-sushi');
  const source = parents.map(each =>
    `${each.type === 'Extension' ? 'Extension' : 'Profile'}: Child${each.name}\nParent: ${each.url}\nId: child-${each.id}\n`);
  const { fhir, errors } = await sushiClient.fshToFhir(source.join('\n'), {
    canonical: 'https://example.org/fhir/child',
    version: '0.0.1',
    fhirVersion: '4.0.1',
    logLevel: 'silent',
    snapshot: true,
    dependencies: [...DEPENDENCIES, { packageId: manifest.name, version: manifest.version }]
  });
  for (const each of errors) console.error(each.message);
  const children = new Map(fhir.map(each => [each.baseDefinition, each]));
  const lost = parents.filter(each => !children.has(each.url) || said(children.get(each.url)) !== said(each));
  for (const each of lost) console.error(`not inherited whole: ${each.url}`);
  console.log(`${parents.length - lost.length} of ${parents.length} profiles and extensions can be derived from`);
  process.exitCode = errors.length + lost.length || !parents.length ? 1 : 0;
} catch (error) {
  console.error(String(error.message ?? error));
  process.exitCode = 2;
} finally {
  rmSync(home, { recursive: true, force: true });
}
