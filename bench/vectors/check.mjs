// Loads texts whose fate in ClickHouse is known, each into a column of its type, and says where
// Millrace stores something else, and where one refuses what the other takes.
//
//   node bench/vectors/check.mjs VECTORS [RESULTS]       (a running Millrace)
//
// VECTORS has a JSON object a line: id, type, format, raw (the record as it stands in a file), ok,
// value (as ClickHouse's toString gives it, null for NULL) or error, and lossy for a text that
// ClickHouse stores as something else. Only those of format CSV are loaded. RESULTS gets a line each:
// {"id", "ok", "value"}.
//
// Floats may be infinite or not a number. Blanks at the ends of a text are refused, unless OUTER_BLANKS
// says keep: ClickHouse removes them, and Millrace by itself keeps a text as it stands.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [vectorsFile, resultsFile] = process.argv.slice(2);
if (!vectorsFile) {
  console.error('usage: node bench/vectors/check.mjs VECTORS [RESULTS]');
  process.exit(2);
}
const home = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const millrace = process.env.MILLRACE ?? join(home, 'millrace');
const outerBlanks = process.env.OUTER_BLANKS ?? 'reject';
const server = process.env.MILLRACE_URL ?? 'http://127.0.0.1:8000';
const token = execFileSync(millrace, ['token', 'create']).toString().trim();

const vectors = readFileSync(vectorsFile, 'utf8').trim().split('\n').map((line) => JSON.parse(line))
  .filter((v) => v.format === 'CSV' && !v.time_dependent);
const byType = groupBy(vectors, (v) => v.type);
const results = new Map(vectors.map((v) => [v.id, { id: v.id, ok: false }]));

let number = 0;
for (const [type, ofType] of byType) {
  await loadAll(type, ofType, `vectors ${Date.now()} ${number++}`);
  process.stderr.write(`\r${number} of ${byType.size} types`);
}
process.stderr.write('\n');

/** Loads all texts of a type in one job; what is not in the table afterwards was refused. */
async function loadAll(type, ofType, name) {
  const v = /Float/.test(type) ? { type, allowNonFinite: true } : { type };
  const schema = { columns: { id: 'UInt32', v }, eventId: 'id', orderBy: ['id'], outerBlanks };
  const model = await ask('POST', 'models', JSON.stringify({ name, schema }), 'application/json');
  if (model.code) {
    console.error(`\r${type}: ${model.detail}`);
    return;
  }
  const file = 'id,v\n' + ofType.map((one) => `${one.id},${one.raw}`).join('');
  const how = new URLSearchParams({ model: name, name: 'texts.csv', encoding: 'utf-8', delimiter: ',', quote: '"' });
  let job = await ask('POST', `jobs?${how}`, file, 'text/csv');
  while (['PENDING', 'RUNNING'].includes(job.state)) job = await ask('GET', `jobs/${job.id}?waitMillis=1000`);
  if (job.cause?.code === 'ALL_ROWS_REJECTED') return;
  if (!job.state || job.cause) throw new Error(`${type}: ${JSON.stringify(job)}`);
  const rows = await ask('POST', 'sql?format=JSONCompact', `SELECT id, toString(v) FROM ${model.table}`, 'text/plain');
  for (const [id, value] of rows.data) results.set(id, { id, ok: true, value });
}

async function ask(method, path, body, type) {
  const headers = { authorization: `Bearer ${token}`, ...(type && { 'content-type': type }) };
  return (await fetch(`${server}/api/v1/${path}`, { method, headers, body })).json();
}

function groupBy(list, key) {
  const groups = new Map();
  for (const one of list) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

function verdict(v) {
  const got = results.get(v.id);
  if (v.lossy) return !got.ok ? 'lossy_rejected' : got.value === v.value ? 'lossy_stored' : 'wrong_value';
  if (v.ok) return !got.ok ? 'rejected_what_clickhouse_accepts' : got.value === v.value ? 'agree_value' : 'wrong_value';
  return got.ok ? 'accepted_what_clickhouse_rejects' : 'agree_reject';
}

if (resultsFile) writeFileSync(resultsFile, [...results.values()].map((r) => JSON.stringify(r)).join('\n') + '\n');
const verdicts = groupBy(vectors, verdict);
console.log(`${vectors.length} texts of ${byType.size} types`);
for (const [name, list] of [...verdicts].sort()) console.log(String(list.length).padStart(6), name);
for (const name of ['wrong_value', 'lossy_stored', 'accepted_what_clickhouse_rejects', 'rejected_what_clickhouse_accepts']) {
  const families = groupBy(verdicts.get(name) ?? [], (v) => v.type.replace(/Nullable\((.*)\)/, '$1').replace(/\(.*/, ''));
  for (const [family, list] of families) {
    const shown = [...new Set(list.map((v) => JSON.stringify(v.text ?? v.raw)))];
    console.log(`${name} ${family} (${list.length}): ${shown.slice(0, 40).join(' ')}${shown.length > 40 ? ' …' : ''}`);
  }
}
process.exit(verdicts.has('wrong_value') || verdicts.has('lossy_stored') ? 1 : 0);
