// What people read: the guide's page and the index of its examples, each a Markdown text.

export const name = resource => `${resource.resourceType}-${resource.id}.json`;
const last = url => url.split('|')[0].split('/').pop();
const row = cells => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

const number = key => [key.replace(/\d+$/, ''), Number(/\d+$/.exec(key)[0])];
const byNumber = (one, other) => {
  const [[group, n], [otherGroup, m]] = [number(one), number(other)];
  return group < otherGroup ? -1 : group > otherGroup ? 1 : n - m;
};

// The guide's own constraints by key, in order, each with the profiles that it stands on.
function constraints(definitions) {
  const found = new Map();
  for (const definition of definitions) {
    for (const each of definition.differential.element.flatMap(element => element.constraint ?? [])) {
      if (!each.key.startsWith('iop-')) continue;
      const { on } = found.get(each.key) ?? { on: [] };
      found.set(each.key, { ...each, on: [...on, definition.id] });
    }
  }
  return [...found.values()].sort((one, other) => byNumber(one.key, other.key));
}

const risk = constraint => constraint.requirements.replace('Risk: ', '');

export function index(examples, definitions, about, broken) {
  const valid = examples.map(each => {
    const { title = '', description = '' } = about.get(each.id) ?? {};
    return [`[${name(each)}](${name(each)})`, title, (each.meta?.profile ?? []).map(last).join(', '), description];
  });
  const breaking = constraints(definitions).map(each => {
    if (!broken[each.key]) throw new Error(`broken.json has nothing that breaks ${each.key}`);
    const { what, of } = broken[each.key];
    const nearest = name(examples.find(example => example.id === of));
    return [`[${each.key}](broken/${each.key}.json)`, what, `[${of}](${nearest})`, each.severity, each.human, risk(each)];
  });
  return `# The guide's examples

Written by \`node .ci/guide/compile.mjs\` from \`profiles/iop/fsh\`. Names, numbers and times are invented.

## Valid

Each has no error, here and with HL7's own validator, but for terminology that isn't at hand.

${table(['file', 'what', 'profiles it claims', 'what it shows'], valid)}

## Broken

Each is a valid example with one thing wrong: what is expected is a finding of that key and no other error, here and with
HL7's own validator. Our endpoint answers 422 with that key; but it puts labels on what it takes, so what lacks nothing but
its label (iop-bdl-4, iop-p2-1, iop-p2-2) is kept with it, and what is only warned of (iop-gl-1) is kept as it is.

${table(['file', 'what is wrong', 'in', 'severity', 'what must be', 'what happens otherwise'], breaking)}
`;
}

// The template's own words, with the tables in the places that it names: {constraints}, {profiles/plans} (of plans.fsh), …
export function page(template, sources, resources, broken) {
  const definitions = resources.filter(each => each.resourceType === 'StructureDefinition');
  const tables = {
    ...profiles(sources, resources),
    constraints: risks(definitions, broken),
    extensions: extensions(definitions),
    questionnaires: questionnaires(resources),
    codes: of(resources, 'CodeSystem'),
    maps: of(resources, 'ConceptMap'),
    searches: searches(resources)
  };
  return template.replace(/^\{([\w/]+)\}$/gm, (_, key) => {
    if (!(key in tables)) throw new Error(`page.md asks for {${key}}; there are ${Object.keys(tables).join(', ')}`);
    return tables[key];
  });
}

// Profiles by the file that they are written in.
function profiles(sources, resources) {
  const byId = new Map(resources.filter(each => each.resourceType === 'StructureDefinition').map(each => [each.id, each]));
  const link = each => `[${each.id}](${each.url ? '' : '../../examples/guide/'}${name(each)})`;
  return Object.fromEntries(sources.flatMap(({ name: file, text }) => {
    const [, group] = /fsh\/(profiles\/\w+)\.fsh$/.exec(file) ?? [];
    if (!group) return [];
    const rows = [...text.matchAll(/^Id: ([a-z0-9-]+)$/gm)].map(([, id]) => byId.get(id)).map(each => {
      const claiming = resources.filter(resource => resource.meta?.profile?.includes(each.url));
      return [link(each), each.description, last(each.baseDefinition), claiming.map(link).join(', ')];
    });
    return [[group, table(['profile', 'what it is for', 'derived from', 'examples'], rows)]];
  }));
}

function risks(definitions, broken) {
  const rows = constraints(definitions).map(each => {
    const on = each.on.length > 3 ? `${each.on.length} profiles` : each.on.join(', ');
    const key = `[${each.key}](../../examples/guide/broken/${each.key}.json)`;
    return [each.severity === 'error' ? key : `${key} (${each.severity})`, each.human, risk(each), broken[each.key].what, on];
  });
  return table(['constraint', 'what must be', 'what happens otherwise', 'what its example breaks', 'on'], rows);
}

function extensions(definitions) {
  const rows = definitions.filter(each => each.type === 'Extension').map(each =>
    [`[${each.id}](${name(each)})`, each.context.map(where => where.expression).join(', '), each.description]);
  return table(['extension', 'stands on', 'what it says'], rows);
}

function questionnaires(resources) {
  const rows = resources.filter(each => each.resourceType === 'Questionnaire').map(each =>
    [`[${each.id}](${name(each)})`, each.title, each.copyright.split('This material contains')[0].trim()]);
  return table(['questionnaire', 'what it is', 'terms'], rows);
}

function of(resources, type) {
  const rows = resources.filter(each => each.resourceType === type).map(each =>
    [`[${each.id}](${name(each)})`, each.title, each.description]);
  return table(['resource', 'title', 'what it is'], rows);
}

function searches(resources) {
  const rows = resources.filter(each => each.resourceType === 'SearchParameter').map(each =>
    [`[${each.code}](${name(each)})`, each.base.join(', '), each.type, each.description]);
  return table(['parameter', 'of', 'type', 'what it finds'], rows);
}
