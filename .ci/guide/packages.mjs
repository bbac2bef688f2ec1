// What the guide builds on, put where SUSHI looks for it, so that it fetches nothing.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const NEEDED = { 'hl7.fhir.r4.core': '4.0.1', 'hl7.fhir.us.core': '6.1.0' };
// SUSHI fetches these by itself where its cache lacks them, and nothing of the guide uses them: empty ones stand in.
const AUTOMATIC = ['hl7.fhir.uv.tools.r4', 'hl7.terminology.r4', 'hl7.fhir.uv.extensions.r4'];

export const DEPENDENCIES = [...Object.entries(NEEDED), ...AUTOMATIC.map(name => [name, '0.0.0'])]
  .map(([packageId, version]) => ({ packageId, version }));

// The folder of a package in the cache below a home folder, made where it isn't there.
export function place(home, name, version) {
  const folder = join(home, '.fhir', 'packages', `${name}#${version}`);
  mkdirSync(join(folder, 'package'), { recursive: true });
  return folder;
}

// Fills the cache below a home folder from NAME-VERSION.tgz in the folder `packages`.
export function cache(home, packages) {
  for (const [name, version] of Object.entries(NEEDED)) {
    const archive = join(packages, `${name}-${version}.tgz`);
    if (!existsSync(archive)) throw new Error(`${archive} is missing: say where the packages lie with --packages`);
    execFileSync('tar', ['-xzf', archive, '-C', place(home, name, version)]);
  }
  for (const name of AUTOMATIC) {
    const manifest = { name, version: '0.0.0', fhirVersions: ['4.0.1'] };
    writeFileSync(join(place(home, name, '0.0.0'), 'package', 'package.json'), JSON.stringify(manifest));
  }
}
