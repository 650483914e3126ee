// Goes both ways with real files, by the command line and by the API: loads UK house prices, New
// York taxi trips and game rounds, looks around, joins the three tables, previews, takes the join
// and a table out in every format, loads that back, copies, and compares the tables by content, row
// by row.
//
//   node bench/two-way/check.mjs PRICES.csv TRIPS.csv ROUNDS.csv       (a running Millrace)
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const files = process.argv.slice(2);
if (files.length !== 3) {
  console.error('usage: node bench/two-way/check.mjs PRICES.csv TRIPS.csv ROUNDS.csv');
  process.exit(2);
}
const home = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const millrace = process.env.MILLRACE ?? join(home, 'millrace');
const data = process.env.MILLRACE_DATA ?? join(homedir(), '.local/share/millrace');
const server = JSON.parse(readFileSync(join(data, 'client.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'two-way-'));
const tag = Date.now().toString(36);

const run = (...args) => execFileSync(millrace, args, { maxBuffer: 1 << 30 }).toString();
const json = (...args) => JSON.parse(run(...args, '--json'));
const sql = (text) => run('sql', text, '--format', 'TSVRaw').trim();
const api = async (method, path, body) => {
  const answer = await fetch(server.url + path, {
    method,
    headers: { Authorization: `Bearer ${server.token}`, 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
};

let wrong = 0;
const check = (what, got, wanted) => {
  const ok = JSON.stringify(got) === JSON.stringify(wanted);
  wrong += ok ? 0 : 1;
  const show = (v) => { const text = JSON.stringify(v); return text.length > 70 ? `${text.slice(0, 67)}…` : text; };
  console.log(`${ok ? 'equal ' : 'WRONG '} ${what.padEnd(52)} ${show(got)}${ok ? '' : `   expected ${show(wanted)}`}`);
};

/// Every row of either that the other has not as often.
const difference = (one, other) => Number(sql(
  `SELECT count() FROM (SELECT row, sum(sign) AS balance FROM (
     SELECT toString(tuple(*)) AS row, 1 AS sign FROM (${one})
     UNION ALL SELECT toString(tuple(*)) AS row, -1 AS sign FROM (${other})) GROUP BY row HAVING balance != 0)`));

try {
  // Files to tables, by the command and by the API.
  const [prices, trips, rounds] = ['prices', 'trips', 'rounds'].map((name) => `${name}_${tag}`);
  [prices, trips, rounds].forEach((table, i) => {
    const job = json('load', files[i], '--into', table, '--yes');
    check(`${table} loaded`, [job.state, job.rows.rejected], ['SUCCESS', 0]);
  });

  // Looking around.
  const listed = json('tables', '--name', tag).items.map((t) => [t.name, t.rows]).sort();
  const counted = [prices, rounds, trips].map((t) => [t, Number(sql(`SELECT count() FROM ${t}`))]);
  check('tables and their rows', listed, counted);
  const over = await (await api('GET', `/api/v1/connections/embedded/tables?name=${tag}`)).json();
  check('the same by the API', over.items.map((t) => [t.name, t.rows]).sort(), counted);
  const fileColumns = readFileSync(files[1], 'utf8').split('\n', 1)[0].split(',').length;
  check('columns of a table', json('columns', trips).items.filter((c) => !c.name.startsWith('_millrace')).length, fileColumns);
  const described = json('columns', '--query', `SELECT max(Price) AS most, Place FROM ${prices} GROUP BY Place`);
  check('columns of a query', described.items.map((c) => [c.name, c.type]), [['most', 'UInt32'], ['Place', 'LowCardinality(String)']]);

  // A join of three tables, and its first rows.
  const asked = {
    tables: [{ table: rounds, alias: 'r' }, { table: prices, alias: 'p' }, { table: trips, alias: 't' }],
    columns: [
      { table: 'r', column: 'game_instance_id' }, { table: 'r', column: 'created_timestamp' },
      { table: 'r', column: 'game_name' }, { table: 'r', column: 'real_amount_win' },
      { table: 'p', column: 'Place', as: 'place' }, { table: 'p', column: 'Postcode', as: 'postcode' },
      { table: 't', column: 'pickup_datetime' }, { table: 't', column: 'store_and_fwd_flag' },
      { table: 't', column: 'total_amount' }],
    joins: [
      { kind: 'INNER', conditions: [{ left: { table: 'r', column: 'game_instance_id' }, operator: '=', right: { table: 'p', column: 'Price' } }] },
      { kind: 'LEFT', conditions: [
        { left: { table: 'r', column: 'real_amount_win' }, operator: '=', right: { table: 't', column: 'trip_distance' } },
        { left: { table: 'r', column: 'real_amount_bet' }, operator: '<=', right: { table: 't', column: 'tip_amount' } }] }],
    filters: [{ table: 'p', column: 'Postcode', operator: '!=', value: '' }],
  };
  const file = join(folder, 'join.json');
  writeFileSync(file, JSON.stringify(asked));
  const query = run('join', '--file', file).trim();
  const byApi = await (await api('POST', '/api/v1/connections/embedded/join', asked)).json();
  check('the join by the API is that of the command', byApi.sql.trim(), query);
  const byHand = `SELECT r.game_instance_id, r.created_timestamp, r.game_name, r.real_amount_win, p.Place, p.Postcode,
      t.pickup_datetime, t.store_and_fwd_flag, t.total_amount
    FROM ${rounds} AS r INNER JOIN ${prices} AS p ON r.game_instance_id = p.Price
    LEFT JOIN (SELECT toNullable(trip_distance) AS d, toNullable(tip_amount) AS tip, toNullable(pickup_datetime) AS pickup_datetime,
      toNullable(store_and_fwd_flag) AS store_and_fwd_flag, toNullable(total_amount) AS total_amount FROM ${trips}) AS t
      ON r.real_amount_win = t.d AND r.real_amount_bet <= t.tip
    WHERE p.Postcode != ''`;
  const rows = Number(sql(`SELECT count() FROM (${query})`));
  check('rows of the join that differ from SQL by hand', [difference(query, byHand), rows > 1000], [0, true]);
  const unmatched = Number(sql(`SELECT countIf(pickup_datetime IS NULL) FROM (${query})`));
  check('rows with a trip and without', [unmatched > 0, unmatched < rows], [true, true]);
  const first = await (await api('POST', '/api/v1/connections/embedded/preview', { join: asked })).json();
  check('first rows of the join', [first.rows.length, first.columns.length, first.more], [100, 9, true]);
  check('first rows of a table', json('preview', '--table', prices).rows.length, 100);

  // Out in every format, and back into a table of the same types.
  const types = json('columns', '--query', query).items;
  const model = { columns: Object.fromEntries(types.map((c) => [c.name, c.type])), orderBy: ['game_instance_id'] };
  const back = async (label, path, columns, source) => {
    const name = `back_${label.replaceAll('.', '_')}_${tag}`;
    await api('POST', '/api/v1/models', { name, schema: { ...columns, table: name } });
    const job = json('job', 'create', name, path, '--wait');
    check(`${label}: loaded back`, [job.state, job.rows.rejected], ['SUCCESS', 0]);
    check(`${label}: rows that differ`, difference(source, `SELECT * FROM ${name}`), 0);
  };
  for (const label of ['csv', 'csv.gz', 'tsv', 'tsv.zst', 'jsonl', 'jsonl.zst', 'parquet', 'avro', 'xlsx']) {
    const path = join(folder, `join.${label}`);
    const done = json('export', '--query', query, '--to', path);
    check(`${label}: exported`, [done.rows, done.bytes, done.verified], [rows, statSync(path).size, 'QUERY_LOG']);
    await back(label, path, model, query);
  }

  // The same by the API, of a whole table.
  const made = await (await api('POST', '/api/v1/exports', { table: { table: prices }, format: 'csv' })).json();
  const path = join(folder, 'api.csv');
  writeFileSync(path, Buffer.from(await (await api('GET', made.links.file)).arrayBuffer()));
  const ended = await (await api('GET', made.links.self)).json();
  check('api: exported', [ended.state, ended.bytes], ['SUCCESS', statSync(path).size]);
  await back('api', path, { columns: { Price: 'UInt32', Postcode: 'String', Place: 'LowCardinality(String)' }, orderBy: ['Place'] }, `SELECT * FROM ${prices}`);

  // From table to table.
  for (const [label, what] of [['table', [trips]], ['query', ['--query', query]]]) {
    const name = `copy_${label}_${tag}`;
    const job = json('copy', ...what, '--into', name, '--yes');
    check(`copy of a ${label}`, [job.state, job.rows.rejected], ['SUCCESS', 0]);
    check(`copy of a ${label}: rows that differ`, difference(label === 'table' ? `SELECT * FROM ${trips}` : query, `SELECT * FROM ${name}`), 0);
  }
  check('nothing half written is left', readdirSync(folder).filter((f) => f.endsWith('.part')), []);
} finally {
  rmSync(folder, { recursive: true });
}
console.log(wrong ? `\n${wrong} WRONG` : '\nall equal');
process.exit(wrong ? 1 : 0);
