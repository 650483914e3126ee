// Loads a generated file of game rounds by the command line and compares counts, sums, hourly
// aggregates and the list of rejected rows with what the generator says, exactly.
//
//   node bench/game-rounds/check.mjs FILE          (FILE.expected.json beside it; a running Millrace)
//
// The generator's answer: rows, good, bad, sums_cents [4], hourly_groups,
// hourly_sha256_hour_user_game_sums_cents_count, bad_rows_1based [[row, kind]].
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = process.argv[2];
if (!file) {
  console.error('usage: node bench/game-rounds/check.mjs FILE');
  process.exit(2);
}
const home = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const millrace = process.env.MILLRACE ?? join(home, 'millrace');
const expected = JSON.parse(readFileSync(`${file}.expected.json`, 'utf8'));
const run = (...args) =>
  execFileSync(millrace, args, { maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'inherit'] }).toString();

const model = `game rounds ${Date.now()}`;
const schema = join(mkdtempSync(join(tmpdir(), 'rounds-')), 'model.json');
const amounts = ['real_amount_bet', 'bonus_amount_bet', 'real_amount_win', 'bonus_amount_win'];
writeFileSync(schema, JSON.stringify({
  columns: {
    created_timestamp: 'DateTime', game_instance_id: 'UInt64', user_id: 'String', game_id: 'UInt32',
    ...Object.fromEntries(amounts.map((a) => [a, 'Float64'])), game_name: 'String', provider: 'String',
  },
  eventId: 'game_instance_id',
  orderBy: ['game_id', 'created_timestamp'],
}));
const { table } = JSON.parse(run('model', 'create', model, schema));
const began = Date.now();
const load = spawnSync(millrace, ['job', 'create', model, file, '--wait', '--json'], { maxBuffer: 1 << 24 });
const seconds = (Date.now() - began) / 1000;
const job = JSON.parse(load.stdout.toString());

// What each kind of spoiled row must be rejected for, as code:column.
const KINDS = {
  no_timestamp: ['NULL_VALUE:created_timestamp'],
  bad_timestamp: ['NOT_A_TIMESTAMP:created_timestamp'],
  text_amount: ['NOT_A_NUMBER:real_amount_bet'],
  negative_id: ['OUT_OF_RANGE:game_instance_id'],
  too_few: ['MISSING_COLUMN:bonus_amount_win', 'MISSING_COLUMN:game_name', 'MISSING_COLUMN:provider'],
  too_many: ['EXTRA_COLUMN:'],
  empty_id: ['NULL_VALUE:game_instance_id'],
  id_overflow: ['OUT_OF_RANGE:game_instance_id'],
  nan_amount: ['NOT_A_NUMBER:real_amount_win'],
};
const problems = expected.bad_rows_1based.flatMap(([row, kind]) => KINDS[kind].map((p) => `${row}:${p}`));
const query = (sql) => run('sql', sql, '--format', 'TSVRaw').trim();
const cents = (a) => `sum(toInt64(round(${a} * 100)))`;
const rejectedByCli = run('job', 'rejected', job.id, '--json').trim().split('\n')
  .map((line) => JSON.parse(line)).map((r) => `${r.row}:${r.error}:${r.column}`);
const rejectedInTable = query(
  `SELECT concat(toString(row), ':', error, ':', column) FROM rejected_rows WHERE job_id = '${job.id}' ORDER BY row`,
).split('\n');
const hourly = query(
  `SELECT concat(toString(toStartOfHour(created_timestamp)), ',', user_id, ',', toString(game_id)),
     ${amounts.map((a) => `toString(${cents(a)})`).join(', ')}, toString(count())
   FROM ${table} GROUP BY toStartOfHour(created_timestamp), user_id, game_id
   ORDER BY toStartOfHour(created_timestamp), user_id, game_id`,
).split('\n').map((line) => line.replaceAll('\t', ','));

const checks = {
  'exit code': [load.status, expected.bad ? 3 : 0],
  state: [job.state, expected.bad ? 'PARTIAL_SUCCESS' : 'SUCCESS'],
  'rows read': [job.rows.read, expected.rows],
  'rows written': [job.rows.written, expected.good],
  'rows rejected': [job.rows.rejected, expected.bad],
  'rows in the table': [Number(query(`SELECT count() FROM ${table}`)), expected.good],
  'sums in cents': [query(`SELECT ${amounts.map(cents).join(', ')} FROM ${table}`), expected.sums_cents.join('\t')],
  'hourly groups': [hourly.length, expected.hourly_groups],
  'hourly checksum': [
    createHash('sha256').update(hourly.join('\n')).digest('hex'),
    expected.hourly_sha256_hour_user_game_sums_cents_count,
  ],
  'rejections by command line': [rejectedByCli.join(' '), problems.join(' ')],
  'rejections in rejected_rows': [[...rejectedInTable].sort().join(' '), [...problems].sort().join(' ')],
};
let wrong = 0;
for (const [what, [got, wanted]] of Object.entries(checks)) {
  const ok = String(got) === String(wanted);
  wrong += ok ? 0 : 1;
  const show = (v) => (String(v).length > 60 ? `${String(v).slice(0, 57)}...` : v);
  console.log(`${ok ? 'equal ' : 'WRONG '} ${what.padEnd(28)} ${show(got)}${ok ? '' : `   expected ${show(wanted)}`}`);
}
console.log(`\n${expected.rows.toLocaleString('en')} rows in ${seconds.toFixed(1)} s, the command's start included`);
process.exit(wrong ? 1 : 0);
