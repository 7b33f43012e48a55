// schema.mjs SCHEMA FILE...: each line of each file is a document that the schema must take; then
// that the schema is no sieve: documents without one of their members, or with a wrong one, fail.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';

const [schemaFile, ...files] = process.argv.slice(2);
const schema = JSON.parse(readFileSync(schemaFile, 'utf8'));
// the patterns beside it say more than the format
const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, formats: { 'date-time': true } });
const validate = ajv.compile(schema);
let failures = 0;

function say(isOk, name, ...details) {
    console.log(`${isOk ? 'ok' : 'not ok'} ${name}`);
    if (!isOk) failures++;
    for (const line of isOk ? [] : details) console.log(`    ${line}`);
}

const documents = files.flatMap(file => readFileSync(file, 'utf8').split('\n').filter(Boolean)
    .map((line, n) => [`${basename(file)} ${n + 1}`, JSON.parse(line)]));
for (const [name, document] of documents)
    say(validate(document), `schema: ${name}`,
        ...(validate.errors ?? []).map(e => `${e.instancePath} ${e.message}`));

// Every member of every object is described: one that is new or misspelt would pass unseen.
const resolve = node => node.$ref ? resolve(schema.$defs[node.$ref.split('/').pop()])
    : node.oneOf ? resolve(node.oneOf.find(n => n.type !== 'null')) : node;
function undescribed(value, node, path) {
    node = resolve(node);
    if (Array.isArray(value))
        return value.flatMap(v => undescribed(v, node.items, `${path}/*`));
    if (value === null || typeof value !== 'object') return [];
    return Object.entries(value).flatMap(([key, v]) => node.properties?.[key]
        ? undescribed(v, node.properties[key], `${path}/${key}`) : [`${path}/${key}`]);
}
const strange = new Set(documents.flatMap(([, document]) => undescribed(document, schema, '')));
say(strange.size === 0, 'schema: every member is described', ...strange);

function mutations(document) {
    return Object.keys(document).flatMap(key => {
        const without = { ...document }, wrong = { ...document, [key]: { no: 'such' } };
        delete without[key];
        return [[`without ${key}`, without], [`wrong ${key}`, wrong]];
    });
}
const taken = documents.slice(0, 1).flatMap(([, document]) => mutations(document))
    .filter(([, mutant]) => validate(mutant)).map(([name]) => name)
    // an object where one is expected, whose members are missing, is found by `without`
say(documents.length > 0 && taken.length === 0, 'schema: what is missing or wrong is refused', ...taken);
process.exit(failures > 0 ? 1 : 0);
